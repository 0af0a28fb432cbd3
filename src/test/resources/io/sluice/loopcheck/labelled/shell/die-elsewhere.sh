#!/bin/bash
. ./lib.sh
n=0
until ./ready.sh; do
  n=$((n + 1))
  [ $n -gt 10 ] && die "not ready after $n tries"
  sleep 1
done
