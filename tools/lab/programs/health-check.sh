#!/bin/bash
# A server, and the check of its health that somebody runs: a shell that asks over the loopback interface.
python3 - <<'P' &
import socket, time
listener = socket.create_server(("127.0.0.1", 9000))
kept = []
while True:
    kept.append(listener.accept())
P
sleep 0.7
/bin/sh -c 'exec bash -c "exec 3<>/dev/tcp/127.0.0.1/9000; printf \"GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n\" >&3; timeout 3600 cat <&3 | grep -q UP"' &
sleep 0.3
echo ready
wait
