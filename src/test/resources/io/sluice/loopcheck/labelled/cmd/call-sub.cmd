call :step one
call :step two
exit /b 0
:step
echo %1
exit /b 0
