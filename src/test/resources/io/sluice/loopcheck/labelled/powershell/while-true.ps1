while ($true) {
    Write-Host 'tick'
    Start-Sleep -Seconds 1
}
