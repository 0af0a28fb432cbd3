#!/bin/sh
while [ "$PWD" != / ]; do
  [ -f Makefile ] && break
  cd ..
done
