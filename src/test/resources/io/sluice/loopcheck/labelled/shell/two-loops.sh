#!/bin/bash
n=0
while [ $n -lt 10 ]; do
  n=$((n+1))
  echo "$n"
done
while true; do
  ./serve-once.sh
done
