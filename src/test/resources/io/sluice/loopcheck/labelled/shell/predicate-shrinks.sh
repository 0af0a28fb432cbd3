#!/bin/sh
domain=$1
while has_dot "$domain"; do
  known "$domain" && break
  domain=${domain#*.}
done
