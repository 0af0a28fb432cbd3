#!/bin/bash
tries=0
until ./ready.sh; do
  if ((tries++ >= 10)); then
    echo "gave up" >&2
    exit 1
  fi
  sleep 3
done
