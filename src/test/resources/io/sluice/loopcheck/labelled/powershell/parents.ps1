$record = $job
while ($null -ne $record -and $record.parentId) {
    $record = $records[$record.parentId]
}
