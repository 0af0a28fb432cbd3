#!/bin/bash
n=0
while true; do
  if ! ./ready.sh; then
    sleep 1
    continue
  fi
  n=$((n + 1))
  [ $n -gt 3 ] && break
done
