#!/bin/bash
while kill -0 "$pid" 2>/dev/null; do
  sleep 1
done
