"""What a miner under another name keeps in memory: its settings, and what it says to its pool over TLS."""
import json
import socket
import sys
import time

settings = {"autosave": True, "cpu": {"huge-pages": True}, "pools": [{"algo": "rx/0", "url": "pool.example.invalid:443", "user": "4" + "8" * 94, "pass": "x", "tls": True}]}
kept = [json.dumps(settings), json.dumps({"id": 1, "jsonrpc": "2.0", "method": "login", "params": {"login": settings["pools"][0]["user"], "agent": "sysd/6.2", "algo": ["rx/0"]}}), json.dumps({"jsonrpc": "2.0", "method": "job", "params": {"blob": "0e" * 38, "job_id": "7", "target": "b88d0600", "seed_hash": "ab" * 32}})]
connection = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print("ready", flush=True)
while True:
    time.sleep(1)
