#!/bin/bash
retry() {
  local n=0
  until "$@"; do
    n=$((n + 1))
    [ $n -ge 5 ] && return 1
    sleep 1
  done
}
retry ./flaky.sh
