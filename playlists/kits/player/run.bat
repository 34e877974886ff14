@echo off
rem Only ASCII in here: the words are in the PowerShell script, which is UTF-8 with a mark.
powershell.exe -NoProfile -ExecutionPolicy Bypass -File "%~dp0player\run.ps1"
if errorlevel 1 pause
