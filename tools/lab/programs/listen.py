"""The other side: accepts connections and keeps them. listen.py PORT…"""
import selectors
import socket
import sys

watch = selectors.DefaultSelector()
for port in sys.argv[1:]:
    server = socket.create_server(("0.0.0.0", int(port)), reuse_port=False)
    watch.register(server, selectors.EVENT_READ)
print("ready", flush=True)
kept = []
while True:
    for key, _ in watch.select():
        kept.append(key.fileobj.accept())
