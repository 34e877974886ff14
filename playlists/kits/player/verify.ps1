# verify.ps1 KIT KEY [-All]: is SHA256SUMS signed by the office whose key.pub is KEY? With -All: are all files those
# that it lists? Ends with 0: right; 1: wrong; 2: this PC cannot tell. Uses .NET only: Windows 7 and later have it.
param([Parameter(Mandatory = $true)][string]$Kit, [Parameter(Mandatory = $true)][string]$Key, [switch]$All)
$ErrorActionPreference = 'Stop'

function Stop-With([int]$Code, [string]$Words) {
    Write-Host $Words
    exit $Code
}

foreach ($name in 'SHA256SUMS', 'SHA256SUMS.sig', 'SHA256SUMS.p256') {
    if (-not (Test-Path -LiteralPath (Join-Path $Kit $name))) { Stop-With 1 "节目包没有签名：缺少 $name。" }
}
if (-not (Test-Path -LiteralPath $Key)) { Stop-With 1 '节目包没有签名：缺少 key.pub。' }
$folder = (Resolve-Path -LiteralPath $Kit).ProviderPath
$listed = [IO.File]::ReadAllBytes((Join-Path $folder 'SHA256SUMS'))

try {
    Add-Type -AssemblyName System.Core
    $null = [Security.Cryptography.CngAlgorithm]::Sha256
} catch { Stop-With 2 '本机不能核对签名（缺少 .NET 3.5 以上）。' }
try {
    $text = [IO.File]::ReadAllText((Resolve-Path -LiteralPath $Key).ProviderPath)
    $point = [Convert]::FromBase64String([regex]::Match($text, '"p256": *"([^"]*)"').Groups[1].Value)
    $signature = [Convert]::FromBase64String([IO.File]::ReadAllText((Join-Path $folder 'SHA256SUMS.p256')).Trim())
    # A public key of P-256 as Windows takes it: "ECS1", 32, X, Y.
    $blob = [byte[]](0x45, 0x43, 0x53, 0x31, 32, 0, 0, 0) + $point
    $cng = [Security.Cryptography.CngKey]::Import($blob, [Security.Cryptography.CngKeyBlobFormat]::EccPublicBlob)
    $judge = New-Object Security.Cryptography.ECDsaCng($cng)
    $judge.HashAlgorithm = [Security.Cryptography.CngAlgorithm]::Sha256
    $right = $judge.VerifyData($listed, $signature)
} catch { $right = $false }
if (-not $right) { Stop-With 1 '节目包的签名不对：不是本县区办公室做的，或被改动过。' }
if (-not $All) { exit 0 }

$wrong = 0
$sha = [Security.Cryptography.SHA256]::Create()
foreach ($line in [Text.Encoding]::UTF8.GetString($listed) -split "`n") {
    if ($line -notmatch '^([0-9a-f]{64}) [ *](.+)$') { continue }
    $sum, $name = $Matches[1], $Matches[2].TrimEnd("`r")
    if ($name -match '^[/\\]|:|(^|[/\\])\.\.([/\\]|$)') { Stop-With 1 '节目包的清单写到了别的文件夹，不能使用。' }
    $path = Join-Path $folder $name
    $found = ''
    if (Test-Path -LiteralPath $path) {
        $stream = [IO.File]::OpenRead($path)
        try { $found = [BitConverter]::ToString($sha.ComputeHash($stream)).Replace('-', '').ToLower() } finally { $stream.Close() }
    }
    # One line for each, for whoever called us.
    if ($found -ne $sum) { Write-Host "BAD $name"; $wrong++ }
}
if ($wrong) { exit 1 }
exit 0
