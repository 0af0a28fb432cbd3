#!/bin/bash
declare -i i=0
while (( i < 5 )); do
  ./step.sh
  i+=1
done
