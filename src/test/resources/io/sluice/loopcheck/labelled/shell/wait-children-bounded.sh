#!/bin/bash
timeout 60 ./a.sh &
timeout 60 ./b.sh &
wait
