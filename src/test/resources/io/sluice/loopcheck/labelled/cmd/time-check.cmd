:top
echo %time% waiting
if exist ready.txt goto :eof
timeout /t 1 >nul
goto top
