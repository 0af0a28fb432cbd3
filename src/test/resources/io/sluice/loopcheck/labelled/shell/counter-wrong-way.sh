#!/bin/bash
n=0
while [ $n -lt 10 ]; do
  ./step.sh
  n=$((n - 1))
done
