"""hold-memory.py MEBIBYTES: so much memory, all of it written and no page like another."""
import os
import sys

from wait import rest

held = bytearray(int(sys.argv[1]) << 20)
for start in range(0, len(held), 1 << 20):
    held[start : start + (1 << 20)] = os.urandom(1 << 20)
rest(f"held {len(held)}")
