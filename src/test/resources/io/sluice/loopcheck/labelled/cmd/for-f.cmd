for /f "tokens=1,2 delims=," %%a in (list.csv) do echo %%a %%b
