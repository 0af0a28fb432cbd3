@echo off
echo (a) ^& goto b ^
  goto c
set "text=a & goto loop"
if exist "a (1).txt" (echo yes) else (echo no)
:loop
call step.cmd & goto loop
