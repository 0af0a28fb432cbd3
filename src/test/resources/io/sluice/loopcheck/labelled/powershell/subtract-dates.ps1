$start = Get-Date
while (-not (Test-Ready)) {
    if (((Get-Date) - $start).TotalMinutes -ge 5) { throw 'five minutes' }
    Start-Sleep 5
}
