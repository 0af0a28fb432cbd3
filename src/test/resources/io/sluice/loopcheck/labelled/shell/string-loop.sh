#!/bin/sh
echo "while true; do sleep 1; done"
printf '%s\n' 'until false; do :; done'
