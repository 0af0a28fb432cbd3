#!/bin/sh
while :; do
  echo "$(date): still running"
  sleep 60
done
