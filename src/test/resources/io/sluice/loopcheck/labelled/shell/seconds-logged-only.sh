#!/bin/bash
while true; do
  echo "$SECONDS seconds so far"
  check && break
  sleep 1
done
