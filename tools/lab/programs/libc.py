"""System calls that Python has no function for."""
import ctypes

c = ctypes.CDLL(None, use_errno=True)
c.mmap.restype = ctypes.c_void_p
c.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
c.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]

READ, WRITE, EXECUTE = 1, 2, 4
PAGE = 4096


def anonymous(size, protection):
    """A private anonymous mapping."""
    address = c.mmap(None, size, protection, 0x22, -1, 0)
    if address in (None, ctypes.c_void_p(-1).value):
        raise OSError(ctypes.get_errno(), "mmap")
    return address


def protect(address, size, protection):
    if c.mprotect(address, size, protection) != 0:
        raise OSError(ctypes.get_errno(), "mprotect")


def call(number, *arguments):
    """A raw system call; gives (result, errno)."""
    c.syscall.restype = ctypes.c_long
    result = c.syscall(ctypes.c_long(number), *arguments)
    return result, ctypes.get_errno()
