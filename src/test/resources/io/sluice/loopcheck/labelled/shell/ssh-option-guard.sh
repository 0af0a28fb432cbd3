#!/bin/bash
while true; do
  ssh -o ConnectTimeout=5 "$HOST" uptime && break
  sleep 5
done
