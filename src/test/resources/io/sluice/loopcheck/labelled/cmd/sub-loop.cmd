call :wait
exit /b 0
:wait
set tries=0
:wait_again
if exist ready.txt exit /b 0
set /a tries+=1
if %tries% gtr 10 (
    echo not ready
    exit /b 1
)
timeout /t 1 >nul
goto wait_again
