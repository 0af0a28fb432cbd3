$a = 'while ($true) { }'
$b = "while (`$true) { $($x.Name) }"
$c = @'
while ($true) { }
'@
$d = @"
for (;;) { }
"@
Write-Output $a $b $c $d
