#!/bin/sh
stop=`expr \`date +%s\` + 60`
while [ `date +%s` -lt $stop ]
do
  test -f /run/ready && exit 0
  sleep 1
done
echo "not ready in time" 1>&2
exit 1
