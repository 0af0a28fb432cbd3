#!/bin/bash
while true; do
  n=0
  ./step.sh && break
  n=$((n + 1))
  [ $n -gt 5 ] && exit 1
done
