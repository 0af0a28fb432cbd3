#!/bin/sh
path=$0
while link=$(readlink "$path"); do
  case $link in
    /*) path=$link ;;
    *) path=$(dirname "$path")/$link ;;
  esac
done
