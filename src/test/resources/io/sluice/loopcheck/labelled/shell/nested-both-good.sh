#!/bin/bash
for host in a b c; do
  n=0
  until ping -c1 -w1 "$host"; do
    n=$((n + 1))
    if [ $n -gt 5 ]; then echo "$host is down" >&2; exit 1; fi
    sleep 1
  done
done
