#!/bin/sh
until mkdir /tmp/lock 2>/dev/null; do
  sleep 1
done
