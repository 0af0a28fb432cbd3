#!/bin/bash
n=1
while [ -e "backup.$n" ]; do
  n=$((n + 1))
done
cp data "backup.$n"
