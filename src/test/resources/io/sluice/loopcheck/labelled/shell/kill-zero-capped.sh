#!/bin/bash
for _ in $(seq 30); do
  kill -0 "$pid" 2>/dev/null || exit 0
  sleep 1
done
echo "still there, killing it"
kill -9 "$pid"
