"""refuse.py WHAT: holds something that cannot be dumped."""
import ctypes
import os
import struct
import subprocess
import sys
import time
from libc import c, call
from wait import rest


def io_uring():
    parameters = ctypes.create_string_buffer(120)
    return call(425, 4, ctypes.byref(parameters))


def uffd():
    return call(323, os.O_CLOEXEC | os.O_NONBLOCK | 1)


def perf():
    # Software clock of this process, user space only.
    attributes = ctypes.create_string_buffer(struct.pack("IIQQQQQ", 1, 128, 0, 0, 0, 0, 0x60).ljust(128, b"\0"), 128)
    return call(298, ctypes.byref(attributes), 0, -1, -1, 0)


def bpf():
    # An array of one value.
    attributes = ctypes.create_string_buffer(struct.pack("IIIII", 2, 4, 8, 1, 0).ljust(128, b"\0"), 128)
    return call(321, 0, ctypes.byref(attributes), 128)


def secretmem():
    result, error = call(447, 0)
    if result >= 0:
        os.ftruncate(result, 4096)
        c.mmap(None, 4096, 3, 1, result, 0)
    return result, error


def ptrace():
    child = subprocess.Popen(["/bin/sleep", "3600"])
    time.sleep(0.2)
    c.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    result = c.ptrace(16, child.pid, None, None)
    return result, ctypes.get_errno()


result, error = globals()[sys.argv[1]]()
if result < 0:
    print("unavailable", sys.argv[1], os.strerror(error), flush=True)
    sys.exit(1)
rest()
