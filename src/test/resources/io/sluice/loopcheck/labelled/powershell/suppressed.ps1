# sluice:allow H11 runs as a service
while ($true) {
    Invoke-Step
}
