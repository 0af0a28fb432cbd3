pause
set /p name=Name:
start /wait setup.exe
choice /c yn /m Continue
ping -t host
timeout /t -1
