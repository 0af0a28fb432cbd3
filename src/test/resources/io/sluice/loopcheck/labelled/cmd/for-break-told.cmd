for /l %%i in (1,1,30) do (
    if exist ready.txt goto ready
    timeout /t 1 >nul
)
echo not ready after 30 tries
exit /b 1
:ready
call deploy.cmd
