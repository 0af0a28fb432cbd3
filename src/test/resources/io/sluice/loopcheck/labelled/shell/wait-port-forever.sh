#!/bin/sh
until nc -z -w 2 "$HOST" "$PORT"; do
  echo "waiting for $HOST:$PORT"
  sleep 2
done
