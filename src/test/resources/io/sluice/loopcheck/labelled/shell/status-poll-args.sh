#!/bin/bash
n=0
while [ "$(./status.sh "$n")" != done ]; do
  n=$((n + 1))
  sleep 1
done
