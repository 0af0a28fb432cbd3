#!/bin/bash
retry() {
  local n=1 max=5
  while true; do
    "$@" && break || {
      if [[ $n -lt $max ]]; then
        ((n++))
        echo "Command failed. Attempt $n/$max:"
        sleep 5
      else
        echo "The command has failed after $n attempts." >&2
        exit 1
      fi
    }
  done
}
retry ./flaky.sh
