$reader = [IO.File]::OpenText('a.txt')
while ($null -ne ($line = $reader.ReadLine())) {
    $line
}
