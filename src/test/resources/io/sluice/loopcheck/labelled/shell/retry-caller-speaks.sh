#!/bin/bash
wait_ready() {
  for _ in 1 2 3 4 5; do
    ./ready.sh && return 0
    sleep 1
  done
  return 1
}
if ! wait_ready; then
  echo "not ready" >&2
  exit 1
fi
