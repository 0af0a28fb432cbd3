#!/bin/bash
status=$(./status.sh)
while [ "$status" != "done" ]; do
  sleep 10
  status=$(./status.sh)
done
