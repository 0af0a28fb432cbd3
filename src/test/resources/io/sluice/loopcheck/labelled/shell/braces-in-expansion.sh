#!/bin/sh
rest=${answer#*{\"name\":\"}
rest=${rest%%\"*}
while true; do
  ./step.sh "$rest"
done
