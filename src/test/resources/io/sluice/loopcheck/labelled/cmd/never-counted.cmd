set n=0
:retry
call build.cmd && goto done
if %n% geq 5 exit /b 1
goto retry
:done
