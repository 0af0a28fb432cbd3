#!/bin/bash
deadline=$((SECONDS + 60))
check_deadline() {
  if [ $SECONDS -gt $deadline ]; then
    echo "too late" >&2
    exit 1
  fi
}
while ! ./ready.sh; do
  check_deadline
  sleep 1
done
