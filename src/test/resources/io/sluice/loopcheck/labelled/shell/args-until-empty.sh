#!/bin/sh
until [ -z "$1" ]; do
  process "$1"
  shift
done
