#!/bin/bash
while true; do
  start=$(date +%s)
  ./poll.sh && break
  now=$(date +%s)
  if [ $((now - start)) -gt 60 ]; then
    echo late
    exit 1
  fi
done
