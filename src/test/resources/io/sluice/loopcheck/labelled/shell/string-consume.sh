#!/bin/sh
rest=$PATH:
while [ -n "$rest" ]; do
  one=${rest%%:*}
  rest=${rest#*:}
  echo "$one"
done
