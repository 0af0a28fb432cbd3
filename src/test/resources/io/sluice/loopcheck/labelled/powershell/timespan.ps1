$start = Get-Date
do {
    Start-Sleep -Seconds 5
    $elapsed = (New-TimeSpan -Start $start -End (Get-Date)).TotalSeconds
    if ($elapsed -gt 120) {
        Write-Error 'two minutes are over'
        exit 1
    }
} until (Test-Connection -Quiet -Count 1 host)
