set tries=0
:again
set /a tries=tries+1
if exist ready.txt goto ready
ping -n 2 127.0.0.1 >nul
if %tries% lss 30 goto again
echo not ready
exit /b 1
:ready
echo ready
