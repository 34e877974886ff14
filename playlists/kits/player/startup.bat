@echo off
rem Starts the installed player; lies in the Startup folder where no task could be made.
cd /d "%ProgramData%\yuanjiao"
start "" player\mpv.exe --config-dir=player/conf --profile=watch
