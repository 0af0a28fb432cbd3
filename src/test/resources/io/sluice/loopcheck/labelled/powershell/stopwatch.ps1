$watch = [System.Diagnostics.Stopwatch]::StartNew()
while ($watch.Elapsed.TotalSeconds -lt 30) {
    if (Test-Ready) { return }
    Start-Sleep -Milliseconds 500
}
throw 'not ready after 30 s'
