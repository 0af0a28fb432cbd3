$n = 0
:outer while ($true) {
    foreach ($h in 'a', 'b') {
        $n++
        if ($n -gt 20) {
            Write-Warning 'enough'
            break outer
        }
        Test-Host $h
    }
}
