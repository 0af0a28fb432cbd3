#!/bin/bash
n=0
while ! ./ready.sh || [ $n -lt 30 ]; do
  sleep 1
  n=$((n + 1))
done
