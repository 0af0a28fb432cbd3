#!/bin/bash
deadline=$((SECONDS+60))
until ping -c 1 -W 1 gateway >/dev/null; do
  (( SECONDS > deadline )) && { echo "no gateway"; exit 1; }
  sleep 1
done
