#!/bin/bash
while :; do
  case $1 in
    --file) file=$2; shift ;;
    --) shift; break ;;
    -?*) echo "unknown $1" >&2 ;;
    *) break ;;
  esac
  shift
done
