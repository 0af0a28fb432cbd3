#!/bin/sh
i=0
while test $i -lt 5
do
  ./step.sh
  i=`expr $i + 1`
done
