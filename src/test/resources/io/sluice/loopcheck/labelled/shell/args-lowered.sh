#!/bin/bash
while [ $# -gt 0 ]; do
  lower=$(echo "$1" | tr '[:upper:]' '[:lower:]')
  case $lower in
    --url) url=$2; shift 2 ;;
    --clean) clean=true; shift ;;
  esac
done
