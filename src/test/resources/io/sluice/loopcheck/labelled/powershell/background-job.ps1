Start-Job -ScriptBlock {
    while ($true) { Start-Sleep 5 }
}
