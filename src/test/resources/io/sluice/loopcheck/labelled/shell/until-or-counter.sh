#!/bin/bash
n=0
until ./ready.sh || [ $n -eq 30 ]; do
  sleep 1
  ((n++))
done
[ $n -lt 30 ] || { echo "not ready"; exit 1; }
