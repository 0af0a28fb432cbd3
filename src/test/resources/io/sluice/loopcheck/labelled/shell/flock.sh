#!/bin/bash
(
  flock 9
  ./work.sh
) 9>/tmp/lock
flock -w 10 /tmp/lock ./work.sh
flock -n /tmp/lock ./work.sh
