#!/bin/sh
ls | while read -r f; do
  mv "$f" "$f.bak"
done
