$queue = New-Object System.Collections.Queue
$queue.Enqueue('a')
while ($queue.Count -gt 0) {
    $item = $queue.Dequeue()
    Write-Output $item
}
