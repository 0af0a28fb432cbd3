#!/bin/sh
tail -f /var/log/app.log
