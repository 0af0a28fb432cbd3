#!/bin/ksh
typeset -i n=0
while (( n < 5 )); do
  print "$n"
  (( n = n + 1 ))
done
