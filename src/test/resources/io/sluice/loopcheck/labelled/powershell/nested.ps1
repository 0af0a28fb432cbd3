while ($true) {
    for ($i = 0; $i -lt 3; $i++) {
        if (Test-Ready) { break }
        Start-Sleep 1
    }
    Invoke-Step
}
