@echo off
rem Only ASCII in here: the words are in the PowerShell script, which is UTF-8 with a mark.
powershell.exe -NoProfile -ExecutionPolicy Bypass -File "%~dp0player\install.ps1"
pause
