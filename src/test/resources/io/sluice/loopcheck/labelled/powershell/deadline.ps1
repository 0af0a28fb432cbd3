$deadline = (Get-Date).AddSeconds(60)
while ((Get-Date) -lt $deadline) {
    if (Test-Path C:\ready) { exit 0 }
    Start-Sleep -Seconds 1
}
Write-Error 'not ready after 60 s'
exit 1
