import ctypes
from libc import c
from wait import rest

c.prctl(15, ctypes.c_char_p(b"[kworker/u8:2]"), 0, 0, 0)
rest()
