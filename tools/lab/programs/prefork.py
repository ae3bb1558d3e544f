"""A server that listens as root and answers in workers of another user, with a table and a lock that they share."""
import mmap
import os
import socket
import tempfile
import time

listener = socket.create_server(("0.0.0.0", 8080), backlog=64)
table = mmap.mmap(-1, 1 << 16)
lock, path = tempfile.mkstemp(prefix="accept-lock.", dir="/run")
os.unlink(path)
for worker in range(4):
    if os.fork() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        while True:
            table[worker] = (table[worker] + 1) % 256
            connection, _ = listener.accept()
            connection.close()
time.sleep(0.5)
print("ready", flush=True)
while True:
    time.sleep(1)
