#!/bin/zsh
repeat 3 do
  ./step.sh
done
for f (*.txt) { echo $f }
while true; do
  ./step.sh
done
