# while ($true) { }
<#
while ($true) { }
#>
Write-Output 'ok'
