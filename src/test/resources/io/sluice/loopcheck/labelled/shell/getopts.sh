#!/bin/bash
while getopts ":ho:v" opt; do
  case $opt in
    o) out=$OPTARG ;;
    v) verbose=1 ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
