$attempt = 0
while ($true) {
    $attempt++
    try {
        Invoke-RestMethod -Uri $uri -TimeoutSec 10
        break
    } catch {
        if ($attempt -ge 5) { throw }
        Write-Warning "attempt $attempt failed"
        Start-Sleep -Seconds 2
    }
}
