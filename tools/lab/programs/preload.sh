#!/bin/bash
# preload.sh VARIABLE: a library in /tmp by way of the linker's environment.
cp /srv/lab/bin/preload.so /tmp/x.so
env "$1=/tmp/x.so" /bin/sleep 3600 &
sleep 0.3
echo ready
wait
