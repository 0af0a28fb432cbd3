#!/bin/bash
for ((;;)); do
  ./step.sh
done
