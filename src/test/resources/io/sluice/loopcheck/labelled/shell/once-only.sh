#!/bin/bash
while true; do
  if [ ! -f a ]; then echo "no a"; break; fi
  if [ ! -f b ]; then echo "no b"; break; fi
  ./use.sh a b
  break
done
