$n = 0
while ($true) {
    try {
        $n++
        if ($n -gt 5) { throw 'too many' }
        Invoke-Step
    } catch {
        Write-Warning $_
    }
}
