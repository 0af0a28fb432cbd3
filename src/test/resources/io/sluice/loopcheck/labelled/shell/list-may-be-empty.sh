#!/bin/bash
n=0
while true; do
  for job in $(ls queue); do
    n=$((n + 1))
    [ $n -gt 10 ] && exit 1
    ./run.sh "$job"
  done
  sleep 1
done
