#!/bin/bash
n=0
while true; do
  n=$((n + 1))
  if [ $n -gt 10 ]; then
    echo "this takes long"
  fi
  ./ready.sh && break
  sleep 1
done
