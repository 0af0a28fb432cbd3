#!/bin/bash
while true; do
  read -p "Continue? [y/n] " answer
  case $answer in
    [Yy]*) break ;;
    [Nn]*) exit 1 ;;
    *) echo "Please answer y or n." ;;
  esac
done
