function Wait-Ready {
    param([int] $Seconds = 60)
    $end = (Get-Date).AddSeconds($Seconds)
    while ((Get-Date) -lt $end) {
        if (Test-Ready) { return $true }
        Start-Sleep 1
    }
    Write-Warning "not ready after $Seconds s"
    return $false
}
