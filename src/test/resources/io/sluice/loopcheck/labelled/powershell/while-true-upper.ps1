While ($TRUE) {
    Invoke-Step
}
