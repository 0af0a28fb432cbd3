#!/bin/bash
n=0
while true; do
  for host in a b; do
    n=$((n + 1))
    if [ $n -gt 20 ]; then
      echo "enough" >&2
      break 2
    fi
    ./probe.sh "$host"
  done
done
