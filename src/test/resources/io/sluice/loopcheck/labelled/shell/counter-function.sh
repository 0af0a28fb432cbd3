#!/bin/bash
attempts=0
too_many() {
  attempts=$((attempts + 1))
  [ "$attempts" -gt 10 ]
}
until ./ready.sh; do
  if too_many; then
    echo "ten tries" >&2
    exit 1
  fi
  sleep 1
done
