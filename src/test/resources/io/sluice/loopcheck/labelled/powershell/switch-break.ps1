while ($true) {
    switch (Get-State) {
        'done' { break }
        default { Start-Sleep 1 }
    }
}
