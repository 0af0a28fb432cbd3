#!/bin/bash
n=0
while [ $n -lt 10 ]; do
  ./step.sh
  sleep 1
done
