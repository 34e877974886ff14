@echo off
rem Only ASCII in here: the words are in the player's own files.
cd /d "%~dp0"
set mpv=player\mpv.exe
if defined YUANJIAO_MPV set mpv=%YUANJIAO_MPV%
if not exist "%mpv%" goto missing
start "" /wait "%mpv%" --config-dir=player/conf --profile=install --script-opts-append=yuanjiao-hold=30 %*
exit /b %errorlevel%
:missing
start "" notepad.exe player\mpv-MISSING.txt
exit /b 1
