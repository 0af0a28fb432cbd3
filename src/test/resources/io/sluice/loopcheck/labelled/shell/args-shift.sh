#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in
    -h|--help) echo usage; exit 0 ;;
    -o) out=$2; shift 2 ;;
    *) files="$files $1"; shift ;;
  esac
done
