:parse
if "%~1"=="" goto parsed
if /i "%~1"=="-v" set verbose=1
shift
goto parse
:parsed
echo %verbose%
