#!/bin/bash
start=$(date +%s)
while :; do
  ./ready.sh && break
  if [ "$TIMEOUT" -gt 0 ] && [ $(( $(date +%s) - start )) -ge "$TIMEOUT" ]; then
    echo "timed out" >&2
    exit 1
  fi
  sleep 1
done
