#!/bin/bash
end=$((SECONDS + 120))
while [ $SECONDS -lt $end ]; do
  if systemctl is-active --quiet app; then
    echo active
    exit 0
  fi
  sleep 2
done
echo "app not active after 120 s" >&2
exit 1
