#!/bin/bash
set -euo pipefail
trap 'rm -rf "$tmp"' EXIT
tmp=$(mktemp -d)
for f in "$@"; do cp -- "$f" "$tmp/"; done
tar -czf out.tgz -C "$tmp" .
