:retry
set n=0
call build.cmd && goto done
set /a n+=1
if %n% geq 5 exit /b 1
goto retry
:done
