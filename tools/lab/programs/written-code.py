"""Writes into the code of a child by /proc/PID/mem, which asks for no permission to write there."""
import ctypes
import os
import time

libc = ctypes.CDLL(None)
address = ctypes.cast(libc.getpgid, ctypes.c_void_p).value
child = os.fork()
if child == 0:
    while True:
        time.sleep(1)
time.sleep(0.2)
with open(f"/proc/{child}/mem", "r+b", buffering=0) as memory:
    memory.seek(address)
    memory.write(b"\x90\x90\x90\x90\xc3")
print(f"note address {address:#x}", flush=True)
print("ready", flush=True)
while True:
    time.sleep(1)
