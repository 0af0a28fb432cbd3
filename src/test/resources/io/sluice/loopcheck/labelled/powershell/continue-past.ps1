$n = 0
while ($true) {
    if (-not (Test-Ready)) {
        Start-Sleep 1
        continue
    }
    $n++
    if ($n -gt 3) { break }
}
