function Get-Number($text) {
    for ($i = 0; $i -lt $text.Length; $i++) { $sum += 1 }
    return $sum
}
for ($i = 0; $i -lt $list.Count; $i++) {
    if ((Get-Number $list[$i]) -gt 3) { Write-Output $list[$i] }
}
