#!/bin/sh
while [ ! -f /tmp/ready ]; do sleep 1; done
