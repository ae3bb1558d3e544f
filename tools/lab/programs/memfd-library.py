import ctypes
import os
from wait import rest

memory = os.memfd_create("")
with open("/srv/lab/bin/preload.so", "rb") as library:
    os.write(memory, library.read())
ctypes.CDLL(f"/proc/self/fd/{memory}")
rest()
