#!/bin/bash
usage() {
	cat <<-END
	while true; do
	END
}
while true; do
	./a.sh
done
