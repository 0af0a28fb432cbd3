#!/bin/bash
delay=1
until ./flaky.sh; do
  if [ $delay -gt 64 ]; then
    echo "no success" >&2
    exit 1
  fi
  sleep $delay
  delay=$((delay * 2))
done
