#!/bin/sh
ssh deploy@host 'systemctl restart app'
scp app.tgz deploy@host:/srv
