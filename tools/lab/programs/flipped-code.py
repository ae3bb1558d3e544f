import ctypes
from libc import EXECUTE, PAGE, READ, WRITE, anonymous, protect
from wait import rest

address = anonymous(2 * PAGE, READ | WRITE)
ctypes.memmove(address, b"\x55\x48\x89\xe5\x31\xc0\x5d\xc3", 8)
protect(address, 2 * PAGE, READ | EXECUTE)
rest(f"address {address:#x}")
