@echo off
:loop
call step.cmd
goto :loop
