#!/bin/bash
for i in {1..20}; do
  if pg_isready -q; then
    break
  elif [ "$i" = 20 ]; then
    echo "postgres not ready" >&2
    exit 1
  fi
  sleep 1
done
