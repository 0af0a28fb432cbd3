#!/bin/sh
while [ 1 ]; do
  ./step.sh
  sleep 1
done
