:launch
call helper.cmd %*
if %ERRORLEVEL% EQU 1 (
    echo Restarting
    goto :launch
)
exit /b %ERRORLEVEL%
