#!/bin/bash
queue=(a b c)
while [ ${#queue[@]} -gt 0 ]; do
  item=${queue[0]}
  queue=("${queue[@]:1}")
  echo "$item"
done
