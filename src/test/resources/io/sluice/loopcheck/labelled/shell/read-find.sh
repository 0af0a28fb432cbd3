#!/bin/bash
count=0
while IFS= read -r -d '' file; do
  count=$((count + 1))
done < <(find . -name '*.log' -print0)
