#!/bin/bash
n=0
while ! ./ready.sh && [ $n -lt 30 ]; do
  sleep 1
  n=$((n + 1))
done
if [ $n -ge 30 ]; then
  echo "not ready" >&2
  exit 1
fi
