$try = 0
do {
    $try++
    Start-Sleep -Seconds 5
    $status = (Get-Service app).Status
} until ($status -eq 'Running' -or $try -ge 12)
if ($try -ge 12) { throw 'app does not run' }
