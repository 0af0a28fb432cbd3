while (-not (Test-Path C:\ready)) {
    $now = Get-Date -Format o
    Write-Host "$now waiting"
    Start-Sleep 1
}
