:outer
set n=0
:inner
set /a n+=1
call probe.cmd
if %n% lss 3 goto inner
timeout /t 10 >nul
goto outer
