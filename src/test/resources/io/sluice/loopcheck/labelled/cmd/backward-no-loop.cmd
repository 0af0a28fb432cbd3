@echo off
goto main
:fail
echo failed
exit /b 1
:main
call step.cmd || goto fail
echo ok
