#!/bin/bash
while read -r line < config.txt; do
  echo "$line"
done
