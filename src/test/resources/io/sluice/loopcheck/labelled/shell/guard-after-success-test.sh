#!/bin/bash
n=0
result=1
while [ $result -ne 0 ]; do
  ./flaky.sh
  result=$?
  n=$((n + 1))
  if [ $result -ne 0 ] && [ $n -gt 10 ]; then
    echo "failed ten times" >&2
    exit $result
  fi
  sleep 1
done
