rem sluice:allow H11 runs until the window is closed
:loop
call step.cmd
goto loop
