#!/usr/bin/env zsh
files=( /etc/*-release(N) "$dir"/*.zsh(-.N:h) )
for old new in a b c d; do alias $old=$new; done
for name value (
  x 1
  y 2
); do echo $name; done
function { local i; echo $i }
{ sleep 1 } &|
while (( $#files )) { shift files }
until [[ -e ready ]] { sleep 1 }
