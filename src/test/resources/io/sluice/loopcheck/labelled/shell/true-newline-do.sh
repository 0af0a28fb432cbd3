#!/bin/sh
while true
do
  ./step.sh
done
