#!/bin/bash
while ((1)); do
  ./step.sh
done
