for /l %%i in (0,0,1) do (
    call step.cmd
)
