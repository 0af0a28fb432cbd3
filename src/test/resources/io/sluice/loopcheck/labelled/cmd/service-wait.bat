:check
sc query app | findstr RUNNING >nul && goto running
timeout /t 3 /nobreak >nul
goto check
:running
