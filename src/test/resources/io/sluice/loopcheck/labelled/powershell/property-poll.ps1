$service = Get-Service app
while ($service.Status -ne 'Running') {
    Start-Sleep 1
    $service.Refresh()
}
