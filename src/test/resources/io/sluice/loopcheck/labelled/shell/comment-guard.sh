#!/bin/bash
# TODO: add a timeout, max_attempts, deadline
while true; do
  ./work.sh
done
