while ($true) {
    try {
        Invoke-RestMethod -Uri $uri -TimeoutSec 10
        break
    } catch {
        Start-Sleep -Seconds 2
    }
}
