#!/bin/sh
while true; do
  read -r line || break
  echo "$line"
done < input.txt
