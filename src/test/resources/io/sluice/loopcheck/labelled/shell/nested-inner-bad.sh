#!/bin/bash
for host in a b c; do
  until ping -c1 -w1 "$host"; do
    sleep 1
  done
done
