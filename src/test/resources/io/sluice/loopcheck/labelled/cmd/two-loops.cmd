set n=0
:a
set /a n+=1
call a.cmd
if %n% lss 3 goto a
:b
call b.cmd
goto b
