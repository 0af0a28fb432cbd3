$done = $false
$tries = 0
while (-not $done) {
    $tries++
    if (Test-Ready) {
        $done = $true
    } elseif ($tries -ge 10) {
        Write-Error 'ten tries'
        $done = $true
    } else {
        Start-Sleep 1
    }
}
