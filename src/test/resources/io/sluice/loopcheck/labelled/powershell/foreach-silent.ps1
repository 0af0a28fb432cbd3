foreach ($i in 1..5) {
    if (Test-Ready) { break }
    Start-Sleep 1
}
Deploy-App
