#!/bin/bash
ok=false
for attempt in 1 2 3 4 5; do
  if docker push "$IMAGE"; then
    ok=true
    break
  fi
  sleep 10
done
$ok || { echo "push failed" >&2; exit 1; }
