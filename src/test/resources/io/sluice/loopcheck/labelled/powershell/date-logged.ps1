while ($true) {
    Write-Host "$(Get-Date) waiting"
    if (Test-Path C:\ready) { break }
    Start-Sleep 1
}
