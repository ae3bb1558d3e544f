"""A thread that runs a few instructions which were written into memory: pause(2), again and again."""
import ctypes
import time

from libc import EXECUTE, PAGE, READ, WRITE, anonymous, protect
from wait import rest

address = anonymous(PAGE, READ | WRITE)
ctypes.memmove(address, b"\xb8\x22\x00\x00\x00\x0f\x05\xeb\xf7", 9)
protect(address, PAGE, READ | EXECUTE)
thread = ctypes.c_ulong()
ctypes.CDLL(None).pthread_create(ctypes.byref(thread), None, ctypes.c_void_p(address), None)
time.sleep(0.3)
rest(f"address {address:#x}")
