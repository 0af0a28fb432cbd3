choice /c yn /t 10 /d n /m Continue
ping -n 3 host
timeout /t 5 /nobreak
start setup.exe
curl -m 10 https://example.com
