#!/bin/bash
# A shell on a connection that stays inside the container.
mkfifo /run/keep
sleep 3600 >/run/keep &
busybox nc -l -p 4444 </run/keep &
sleep 0.5
busybox nc 127.0.0.1 4444 -e /bin/sh &
sleep 0.5
echo ready
wait
