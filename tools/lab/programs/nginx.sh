#!/bin/bash
nginx -g 'daemon off;' &
sleep 0.7
busybox wget -q -O /dev/null http://127.0.0.1/
echo ready
wait
