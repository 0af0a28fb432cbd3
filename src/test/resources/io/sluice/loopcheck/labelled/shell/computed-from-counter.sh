#!/bin/sh
i=1
while true; do
  name=$(printf '%s' "$fqdn" | cut -d . -f "$i-100")
  if [ -z "$name" ]; then
    echo "no zone for $fqdn" >&2
    exit 1
  fi
  known "$name" && break
  i=$((i + 1))
done
