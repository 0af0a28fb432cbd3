#!/bin/bash
os=$(case "$(uname)" in
  Linux) echo linux ;;
  *) echo other ;;
esac)
x="${os:-$(echo "a)b")}"
while read -r a b; do echo "$a $((${b:-0} + 1))"; done <<< "$x"
until [[ $os =~ ^(linux|other)$ ]]; do
  sleep 1
done
