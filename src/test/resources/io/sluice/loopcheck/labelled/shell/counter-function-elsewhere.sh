#!/bin/bash
usage() { shift; i=0; echo usage; }
while [ $# -gt 0 ]; do
  case $1 in
    -h) usage; exit 0 ;;
    *) echo "$1" ;;
  esac
  shift
done
