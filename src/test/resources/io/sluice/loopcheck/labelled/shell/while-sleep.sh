#!/bin/sh
while sleep 1; do
  ./poll.sh
done
