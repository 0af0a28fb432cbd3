#!/bin/bash
while read -r word <<< "$TEXT"; do
  echo "$word"
done
