"""Lays a program out in anonymous memory, as a loader that leaves no file does."""
import ctypes
from libc import EXECUTE, READ, WRITE, anonymous, protect
from wait import rest

with open("/srv/lab/bin/idle", "rb") as program:
    content = program.read()
size = (len(content) + 4095) & ~4095
address = anonymous(size, READ | WRITE)
ctypes.memmove(address, content, len(content))
protect(address, size, READ | EXECUTE)
rest(f"address {address:#x}")
