foreach ($name in 'a', 'b') {
    Write-Output $name
}
1..3 | ForEach-Object { Write-Output $_ }
