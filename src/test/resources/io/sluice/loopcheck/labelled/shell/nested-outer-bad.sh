#!/bin/bash
while true; do
  for i in 1 2 3; do
    ./probe.sh "$i" && break
    sleep 1
  done
  ./act.sh
done
