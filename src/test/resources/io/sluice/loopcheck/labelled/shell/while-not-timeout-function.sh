#!/bin/bash
start=$(date +%s)
expired() { [ $(( $(date +%s) - start )) -ge 30 ]; }
while ! expired; do
  ./ready.sh && exit 0
  sleep 1
done
echo "expired" >&2
exit 1
