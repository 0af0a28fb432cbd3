#!/bin/bash
read -t 10 -p "Name: " name || name=nobody
echo "$name"
