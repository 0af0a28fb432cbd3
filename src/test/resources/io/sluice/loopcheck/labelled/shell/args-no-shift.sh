#!/bin/bash
while [ $# -gt 0 ]; do
  case "$1" in
    -v) verbose=1 ;;
    *) shift ;;
  esac
done
