#!/usr/bin/env bash
for i in $(seq 1 60); do
  if curl -fsS "$URL"; then
    exit 0
  fi
  sleep 1
done
echo "gave up on $URL" >&2
exit 1
