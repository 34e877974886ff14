# run.ps1: plays, and watches: one player at a time, started anew when it dies or no longer shows signs of life.
# Installed, the folder above this one is the player's home; on a stick, it is the kit itself.
$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent (Split-Path -Parent $MyInvocation.MyCommand.Path)
$mpv = $env:YUANJIAO_MPV
if (-not $mpv) { $mpv = Join-Path $root 'player\mpv.exe' }
if (-not (Test-Path -LiteralPath $mpv)) {
    Write-Host '没有 mpv.exe。请把 mpv.exe 放进 player 文件夹，再运行一次。'
    exit 1
}
$common = Join-Path $env:ProgramData 'yuanjiao'
if (Test-Path -LiteralPath (Join-Path $root 'kits')) {
    $state = Join-Path $root 'state'
    $where = '--script-opts-append=yuanjiao-home=.', '--script-opts-append=yuanjiao-leave=10'
} else {
    $state = Join-Path $common 'state'
    $where = '--script-opts-append=yuanjiao-kit=.', '--script-opts-append=yuanjiao-notices=../notices'
}
$null = New-Item -ItemType Directory -Force -Path (Join-Path $state 'asrun')
$null = New-Item -ItemType Directory -Force -Path (Join-Path $root 'asrun') -ErrorAction SilentlyContinue
Remove-Item -LiteralPath (Join-Path $state 'quit') -ErrorAction SilentlyContinue

$mutex = New-Object Threading.Mutex($false, 'Local\yuanjiao-player')
try { $mine = $mutex.WaitOne(0) } catch [Threading.AbandonedMutexException] { $mine = $true }
if (-not $mine) { Write-Host '播放软件已经在运行。'; exit 4 }

# mpv splits nothing itself: a path with spaces stands in quotes.
$options = @('--config-dir=player/conf', "--script-opts-append=yuanjiao-state=$state",
    '--script-opts-append=yuanjiao-alone=yes') + $where
$line = ($options | ForEach-Object { '"' + $_ + '"' }) -join ' '
$heartbeat = Join-Path $state 'heartbeat'

while ($true) {
    $player = Start-Process -FilePath $mpv -ArgumentList $line -WorkingDirectory $root -PassThru
    $null = $player.Handle
    $before, $still = '', 0
    # A heartbeat that stays the same for ten seconds is that of a player that hangs.
    while (-not $player.WaitForExit(2000)) {
        $beat = ''
        try { $beat = [IO.File]::ReadAllText($heartbeat) } catch { }
        if ($beat -eq $before) { $still++ } else { $still = 0 }
        $before = $beat
        if ($still -ge 5) { try { $player.Kill() } catch { } }
    }
    # 0: ended by a person or after closing. Anything else was not wanted.
    if ($player.ExitCode -eq 0) { exit 0 }
    Start-Sleep -Milliseconds 500
}
