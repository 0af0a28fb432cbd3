#!/bin/bash
eval set -- "$(getopt -o ab: -- "$@")"
while true; do
  case "$1" in
    -a) a=1; shift ;;
    -b) b=$2; shift 2 ;;
    --) shift; break ;;
  esac
done
