"""Counts, fifty times a second, with the time of the machine: who was frozen finds the time in its own count."""
import time

count = 0
while True:
    count += 1
    print("count", count, time.monotonic_ns(), flush=True)
    time.sleep(0.02)
