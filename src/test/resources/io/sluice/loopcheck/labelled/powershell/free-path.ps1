$n = 1
while (Test-Path "backup$n") { $n++ }
