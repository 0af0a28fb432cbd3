set n=0
:top
set /a n+=1
if %n% leq 3 (
    call step.cmd
    goto top
) else (
    goto bottom
)
:bottom
echo %n%
