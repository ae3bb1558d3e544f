"""unix-listener.py PATH: something that answers where the engine's socket would be."""
import socket
import sys
from wait import rest

server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
rest()
