#!/bin/bash
./a.sh &
./b.sh &
wait
