#!/bin/sh
left=20
while [ $left -gt 0 ]; do
  ./ready.sh && exit 0
  left=$((left - 1))
  sleep 1
done
echo "no" >&2
exit 1
