#!/bin/bash
let i=0
while [ $i -lt 5 ]; do
  ./step.sh
  let i++
done
