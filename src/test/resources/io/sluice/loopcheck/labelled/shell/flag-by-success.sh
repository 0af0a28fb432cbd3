#!/bin/bash
finished=false
until $finished; do
  if ./ready.sh; then
    finished=true
  fi
  sleep 1
done
