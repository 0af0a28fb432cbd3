#!/bin/sh
i=1
while true; do
  name=$(printf '%s' "$fqdn" | cut -d . -f "$i-100")
  [ -z "$name" ] && exit 1
  if ask "$name"; then
    i=$((i + 1))
  fi
done
