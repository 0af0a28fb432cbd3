#!/bin/bash
n=0
while true; do
  n=$((n + 1))
  if [ $n -gt 10 ] && [ -f /tmp/stop ]; then
    break
  fi
  sleep 1
done
