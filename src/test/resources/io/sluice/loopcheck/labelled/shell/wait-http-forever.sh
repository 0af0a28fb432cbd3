#!/usr/bin/env bash
set -euo pipefail
until curl --max-time 5 -fsS "$URL/health" >/dev/null; do
  printf '.'
  sleep 5
done
echo up
