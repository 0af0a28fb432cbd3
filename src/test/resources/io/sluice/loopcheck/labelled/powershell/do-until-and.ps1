$try = 0
do {
    $try++
    Start-Sleep -Seconds 5
} until ((Test-Ready) -and $try -ge 12)
