@echo off
if "%1"=="" goto usage
echo %1
goto :eof
:usage
echo usage: forward NAME
exit /b 2
