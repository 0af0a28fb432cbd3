function Watch-Forever {
    while ($true) { Start-Sleep 60 }
}
Export-ModuleMember -Function Watch-Forever
