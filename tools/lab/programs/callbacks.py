"""Callbacks of C into Python, for which a library writes code while it runs; workers that share memory."""
import ctypes
import multiprocessing
import time
from multiprocessing import shared_memory

compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
kept = [compare(lambda a, b: a[0] - b[0]) for _ in range(200)]
numbers = (ctypes.c_int * 5)(5, 1, 4, 2, 3)
ctypes.CDLL(None).qsort(numbers, 5, ctypes.sizeof(ctypes.c_int), kept[0])


def work(name):
    block = shared_memory.SharedMemory(name=name)
    while True:
        block.buf[0] = (block.buf[0] + 1) % 256
        time.sleep(1)


if __name__ == "__main__":
    block = shared_memory.SharedMemory(create=True, size=1 << 20)
    for _ in range(3):
        multiprocessing.Process(target=work, args=(block.name,), daemon=True).start()
    time.sleep(0.5)
    print("ready", flush=True)
    while True:
        time.sleep(1)
