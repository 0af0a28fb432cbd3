setlocal enabledelayedexpansion
set /a left=10
:wait
if exist ready.txt goto :ready
set /a left-=1
if !left! leq 0 goto :late
timeout /t 1 >nul
goto :wait
:late
echo late 1>&2
exit /b 1
:ready
