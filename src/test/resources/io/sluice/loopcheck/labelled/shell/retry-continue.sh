#!/bin/bash
while true; do
  ./flaky.sh || { sleep 1; continue; }
  break
done
