Invoke-WebRequest https://example.com -OutFile a.html
Wait-Job $job
Wait-Process -Name app
$p = Start-Process setup.exe -PassThru
$p.WaitForExit()
Start-Process setup.exe -Wait
Get-Content app.log -Wait
