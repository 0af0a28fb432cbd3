#!/bin/bash
now() { date +%s; }
end=$(( $(now) + 60 ))
while [ "$(now)" -lt "$end" ]; do
  ./ready.sh && exit 0
  sleep 1
done
echo "late" >&2; exit 1
