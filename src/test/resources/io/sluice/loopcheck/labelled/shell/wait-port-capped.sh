#!/bin/sh
tries=0
while ! nc -z -w 2 db 5432; do
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then
    echo "db:5432 did not open after $tries tries" >&2
    exit 1
  fi
  sleep 1
done
exec "$@"
