:menu
echo 1 build
echo 2 quit
set /p pick=Which?
if "%pick%"=="1" call build.cmd
if "%pick%"=="2" goto end
goto menu
:end
