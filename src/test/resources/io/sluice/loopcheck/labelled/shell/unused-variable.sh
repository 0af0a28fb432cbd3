#!/bin/bash
timeout=30
max_attempts=5
while true; do
  ./try.sh && break
  sleep 1
done
