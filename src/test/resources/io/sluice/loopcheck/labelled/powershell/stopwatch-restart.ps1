$watch = [Diagnostics.Stopwatch]::StartNew()
while ($true) {
    $watch.Restart()
    Invoke-Step
    if ($watch.Elapsed.TotalSeconds -gt 30) { throw 'slow' }
}
