do {
    Start-Sleep -Seconds 5
    $status = (Get-Service app).Status
} until ($status -eq 'Running')
