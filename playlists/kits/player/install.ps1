# install.ps1: copies the kit it lies in to this PC's disk, so that the stick may be pulled out.
# Verifies before it switches; keeps what the last two weeks played; takes the records along to the stick.
$ErrorActionPreference = 'Stop'
$here = Split-Path -Parent $MyInvocation.MyCommand.Path
$kit = Split-Path -Parent $here
$base = $env:YUANJIAO_HOME
if (-not $base) { $base = Join-Path $env:ProgramData 'yuanjiao' }
$part = $null

function Stop-Install([string]$Words) {
    Write-Host "没有安装：$Words"
    if ($script:part -and (Test-Path -LiteralPath $script:part)) { Remove-Item -LiteralPath $script:part -Recurse -Force }
    exit 1
}
function Read-Plan([string]$Folder) {
    [IO.File]::ReadAllText((Join-Path $Folder 'plan.json'), [Text.Encoding]::UTF8) | ConvertFrom-Json
}
function Invoke-Verify([string]$Folder, [switch]$All) {
    $words = & powershell.exe -NoProfile -ExecutionPolicy Bypass -File $verify $Folder $key $(if ($All) { '-All' })
    return @{ Code = $LASTEXITCODE; Words = @($words) }
}

if (-not (Test-Path -LiteralPath (Join-Path $kit 'plan.json'))) { Stop-Install '节目包里没有 plan.json，请重新拷贝节目包。' }
foreach ($name in 'kits', 'notices', 'asrun', 'state\asrun') {
    $null = New-Item -ItemType Directory -Force -Path (Join-Path $base $name)
}
Get-ChildItem -LiteralPath (Join-Path $base 'kits'), (Join-Path $base 'notices') -Filter '*.part' |
    Remove-Item -Recurse -Force

# The program that judges is the installed one, where there is one.
$verify = Join-Path $base 'player\verify.ps1'
if (-not (Test-Path -LiteralPath $verify)) { $verify = Join-Path $here 'verify.ps1' }
$key = Join-Path $base 'state\key.pub'
if (-not (Test-Path -LiteralPath $key)) { $key = Join-Path $kit 'key.pub' }
$told = Invoke-Verify $kit
if ($told.Code -ne 0) { Stop-Install ($told.Words -join ' ') }

$plan = Read-Plan $kit
$name = $plan.kit
if ($name -notmatch '^[A-Za-z0-9_-][A-Za-z0-9._-]*$') { Stop-Install '节目包的编号不对。' }
$venue = Join-Path $base 'state\venue'
$known = if (Test-Path -LiteralPath $venue) { [IO.File]::ReadAllText($venue).Trim() } else { '' }
if ($known -and $known -ne $plan.venue.id) { Stop-Install "这个节目包是 $($plan.venue.id) 的，本机是 $known。" }
$shelf = if ($plan.schema -eq 'yuanjiao-notice/1') { 'notices' } else { 'kits' }
if ($shelf -eq 'kits') {
    foreach ($old in Get-ChildItem -LiteralPath (Join-Path $base 'kits')) {
        $newest = (Read-Plan $old.FullName).revision
        if ($newest -gt $plan.revision) { Stop-Install "本机已有更新的节目包（第 $newest 版）。" }
    }
}
$needed = (Get-ChildItem -LiteralPath $kit -Recurse | Measure-Object -Property Length -Sum).Sum
$drive = New-Object IO.DriveInfo([IO.Path]::GetPathRoot($base))
if ($drive.AvailableFreeSpace -lt $needed + 20MB) {
    Stop-Install ('硬盘空间不够：需要 {0:N0} MB，只有 {1:N0} MB。' -f (($needed + 20MB) / 1MB), ($drive.AvailableFreeSpace / 1MB))
}

$part = Join-Path $base "$shelf\$name.part"
Write-Host "正在拷贝节目包 $name，请不要拔出U盘……"
$null = robocopy $kit $part /E /R:2 /W:2 /NP /NFL /NDL /NJH /NJS /XD (Join-Path $kit 'asrun')
if ($LASTEXITCODE -ge 8) { Stop-Install '拷贝没有完成。' }
# A kit that brings only what is new: the rest lies in the kits installed before.
foreach ($file in $plan.files.PSObject.Properties) {
    $target = Join-Path $part $file.Value.path
    if (Test-Path -LiteralPath $target) { continue }
    $null = New-Item -ItemType Directory -Force -Path (Split-Path -Parent $target)
    foreach ($old in Get-ChildItem -LiteralPath (Join-Path $base 'kits') -Exclude '*.part') {
        $source = Join-Path $old.FullName $file.Value.path
        if (Test-Path -LiteralPath $source) { Copy-Item -LiteralPath $source -Destination $target; break }
    }
}

Write-Host '正在核对……'
$told = Invoke-Verify $part -All
$bad = @($told.Words | Where-Object { $_ -like 'BAD *' } | ForEach-Object { $_.Substring(4) })
if ($told.Code -ne 0 -and -not $bad) { Stop-Install ($told.Words -join ' ') }
foreach ($file in $bad) {
    if ($file -notmatch '^media/[0-9a-f]+\.mp4$') { Stop-Install "文件 $file 缺少或损坏。请重新拷贝节目包。" }
    Remove-Item -LiteralPath (Join-Path $part $file) -Force -ErrorAction SilentlyContinue
    Write-Host "文件 $file 缺少或损坏，播放时用同系列的节目代替。"
}
$target = Join-Path $base "$shelf\$name"
if (Test-Path -LiteralPath $target) { Rename-Item -LiteralPath $target -NewName "$name.old.part" }
Rename-Item -LiteralPath $part -NewName $name
Remove-Item -LiteralPath "$target.old.part" -Recurse -Force -ErrorAction SilentlyContinue

if ($shelf -eq 'kits') {
    # mpv.exe cannot be replaced while it plays: ask it to end, the task starts it again.
    [IO.File]::WriteAllText((Join-Path $base 'state\quit'), '')
    Start-Sleep -Seconds 4
    $null = robocopy (Join-Path $target 'player') (Join-Path $base 'player') /MIR /R:5 /W:1 /NP /NFL /NDL /NJH /NJS
    if ($LASTEXITCODE -ge 8) { Write-Host '播放软件没有更新：请关掉播放软件，再安装一次。' }
    Remove-Item -LiteralPath (Join-Path $base 'state\quit') -ErrorAction SilentlyContinue
}
if (-not $known) { [IO.File]::WriteAllText($venue, $plan.venue.id) }
$trusted = Join-Path $base 'state\key.pub'
if (-not (Test-Path -LiteralPath $trusted)) { Copy-Item -LiteralPath (Join-Path $kit 'key.pub') -Destination $trusted }

# What ended more than two weeks ago goes.
$limit = [int64]((Get-Date).ToUniversalTime() - [datetime]'1970-01-01').TotalSeconds - 14 * 86400
foreach ($old in Get-ChildItem -LiteralPath (Join-Path $base 'kits'), (Join-Path $base 'notices')) {
    if ($old.FullName -ne $target -and (Read-Plan $old.FullName).valid.to_s -lt $limit) {
        Remove-Item -LiteralPath $old.FullName -Recurse -Force
    }
}
try {
    $back = New-Item -ItemType Directory -Force -Path (Join-Path $kit 'asrun')
    foreach ($folder in 'asrun', 'state\asrun') {
        Get-ChildItem -LiteralPath (Join-Path $base $folder) -Filter '*.jsonl' | Copy-Item -Destination $back.FullName -Force
    }
} catch { Write-Host '播放记录没有拷到U盘（U盘写保护或已满）。' }

$null = schtasks.exe /Create /F /TN yuanjiao /XML (Join-Path $base 'player\task.xml')
if ($LASTEXITCODE -ne 0) { Write-Host "开机自动播放没有设好，请手动运行 $base\player\run.ps1。" }
else { $null = schtasks.exe /Run /TN yuanjiao }
Write-Host "已安装节目包 $name（第 $($plan.revision) 版）。现在可以拔出U盘。"
