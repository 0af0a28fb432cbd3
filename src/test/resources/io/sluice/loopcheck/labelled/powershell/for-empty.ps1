for (;;) {
    Invoke-Step
}
