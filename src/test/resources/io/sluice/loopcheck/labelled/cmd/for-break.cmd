for /l %%i in (1,1,30) do (
    if exist ready.txt goto ready
    timeout /t 1 >nul
)
:ready
call deploy.cmd
