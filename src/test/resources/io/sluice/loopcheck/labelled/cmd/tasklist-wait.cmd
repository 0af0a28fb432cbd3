:wait
tasklist /fi "imagename eq app.exe" | find /i "app.exe" >nul
if not errorlevel 1 (
    timeout /t 1 >nul
    goto wait
)
