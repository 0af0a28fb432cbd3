set n=0
:retry
call build.cmd && goto done
set /a n+=1
timeout /t 2 >nul
if %n% lss 5 goto retry
:done
call deploy.cmd
