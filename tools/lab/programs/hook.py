import ctypes
from libc import EXECUTE, PAGE, READ, WRITE, c, protect
from wait import rest

# One byte of a function that nobody here calls becomes a return.
address = ctypes.cast(c.ftok, ctypes.c_void_p).value
page = address & ~(PAGE - 1)
protect(page, PAGE, READ | WRITE | EXECUTE)
ctypes.memmove(address, b"\xc3", 1)
protect(page, PAGE, READ | EXECUTE)
rest(f"address {address:#x}")
