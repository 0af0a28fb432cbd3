$reader = New-Object IO.StreamReader 'a.txt'
while (-not $reader.EndOfStream) {
    $line = $reader.ReadLine()
    Write-Output $line
}
