set rounds=0
:outer
set n=0
:inner
set /a n+=1
call probe.cmd
if %n% lss 3 goto inner
set /a rounds+=1
if %rounds% lss 5 goto outer
echo done
