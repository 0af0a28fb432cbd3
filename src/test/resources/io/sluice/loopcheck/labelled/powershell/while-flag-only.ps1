$done = $false
while (!$done) {
    if (Test-Ready) { $done = $true }
    Start-Sleep 1
}
