#!/bin/bash
for ((i = 0; ; i++)); do
  ./step.sh "$i" && break
  if ((i >= 10)); then
    echo "ten tries" >&2
    exit 1
  fi
  sleep 1
done
