#!/bin/bash
n=0
while true; do
  while true; do
    n=$((n + 1))
    [ $n -gt 20 ] && break
    ./probe.sh
  done
done
