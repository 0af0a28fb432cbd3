#!/bin/bash
for i in {1..30}; do
  curl -m 2 -sf localhost:8080 && break
  sleep 1
done
if [ "$i" -eq 30 ]; then
  echo "server not up" >&2
  exit 1
fi
