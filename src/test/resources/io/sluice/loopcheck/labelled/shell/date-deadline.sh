#!/bin/sh
start=$(date +%s)
timeout=300
while true; do
  if ./ready.sh; then
    break
  fi
  now=$(date +%s)
  elapsed=$((now - start))
  if [ "$elapsed" -gt "$timeout" ]; then
    echo "timed out after ${elapsed}s" >&2
    exit 1
  fi
  sleep 5
done
