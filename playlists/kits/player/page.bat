@echo off
rem Opens the page beside this file in a browser that lets it play at once. Only ASCII in here: the page is found by
rem its ending. A profile of its own, so that the settings below count and the record stays in one place.
rem Edge's own kiosk mode is not used: it browses InPrivate and would forget the record.
setlocal
for %%f in ("%~dp0*.html") do set "page=%%~ff"
if not defined page echo The page is missing: copy the whole folder. & pause & exit /b 1
set "page=file:///%page:\=/%#start"
set "programs=SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths"
set "home=%LOCALAPPDATA%\yuanjiao"
set "options=--autoplay-policy=no-user-gesture-required --no-first-run --no-default-browser-check"
reg query "HKLM\%programs%\msedge.exe" >nul 2>&1
if not errorlevel 1 (
    start "" msedge.exe %options% --user-data-dir="%home%\edge" --start-fullscreen --app="%page%"
    exit /b 0
)
start "" chrome.exe %options% --user-data-dir="%home%\chrome" --kiosk --app="%page%"
if errorlevel 1 pause
