:wait while ($true) {
    switch (Get-State) {
        'done' { break wait }
        default { Start-Sleep 1 }
    }
}
