#!/bin/sh
timeout 30 tail -f /var/log/app.log
