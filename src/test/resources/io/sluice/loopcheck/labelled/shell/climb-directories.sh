#!/bin/sh
dir=$PWD
while [ "$dir" != / ] && [ ! -d "$dir/.git" ]; do
  dir=$(dirname "$dir")
done
