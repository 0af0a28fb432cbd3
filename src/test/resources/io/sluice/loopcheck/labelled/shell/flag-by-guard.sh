#!/bin/bash
n=0
finished=false
while [ "$finished" = false ]; do
  n=$((n + 1))
  if ./ready.sh; then
    finished=true
  elif [ $n -ge 10 ]; then
    echo "giving up" >&2
    finished=true
  else
    sleep 1
  fi
done
