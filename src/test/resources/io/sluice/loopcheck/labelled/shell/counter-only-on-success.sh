#!/bin/bash
ready=0
while [ $ready -lt 3 ]; do
  if ./probe.sh; then
    ready=$((ready + 1))
  fi
  sleep 1
done
