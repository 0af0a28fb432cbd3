:again
timeout /t 5 /nobreak >nul
curl --max-time 3 -s http://localhost/ >nul
if errorlevel 1 goto again
