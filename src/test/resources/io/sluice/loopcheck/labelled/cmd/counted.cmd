set n=0
:retry
set /a n+=1
call build.cmd && goto done
if %n% geq 5 (
    echo build failed %n% times
    exit /b 1
)
timeout /t 2 /nobreak >nul
goto retry
:done
echo ok
