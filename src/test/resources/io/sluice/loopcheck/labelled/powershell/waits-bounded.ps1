Invoke-WebRequest https://example.com -OutFile a.html -TimeoutSec 30
Wait-Job $job -Timeout 60
Wait-Process -Name app -Timeout 60
$p = Start-Process setup.exe -PassThru
if (-not $p.WaitForExit(60000)) { $p.Kill() }
Get-Content app.log -Tail 10
