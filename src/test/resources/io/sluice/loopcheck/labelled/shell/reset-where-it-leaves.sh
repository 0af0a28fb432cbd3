#!/bin/bash
left=5
until [ $left -le 0 ]; do
  if ./step.sh; then
    left=0
    break
  fi
  left=$((left - 1))
done
