#!/bin/bash
fails=0
while true; do
  if ./healthy.sh; then
    fails=0
  else
    fails=$((fails + 1))
  fi
  if [ $fails -ge 3 ]; then
    echo "unhealthy" >&2
    exit 1
  fi
  sleep 10
done
