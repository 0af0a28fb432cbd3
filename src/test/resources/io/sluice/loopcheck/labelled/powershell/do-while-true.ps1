do {
    Invoke-Step
} while ($true)
