"""hold-file.py PATH [MODE]: keeps a file open."""
import sys
from wait import rest

held = open(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "rb", buffering=0)
rest()
