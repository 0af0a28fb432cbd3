#!/bin/bash
n=${#1}
url="http://host/#while true; do"
echo $# ${x#prefix} it\'s "a 'quote'"
while [ $n -gt 0 ]; do n=$((n-1)); done # while true
