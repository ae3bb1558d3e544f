"""Types commands into an interactive bash on a terminal: typed-shell.py COMMAND…"""
import os
import pty
import sys
import time

pid, terminal = pty.fork()
if pid == 0:
    os.environ["HISTFILE"] = "/dev/null"
    os.execv("/bin/bash", ["bash", "--norc", "-i"])
for command in sys.argv[1:]:
    time.sleep(0.3)
    os.write(terminal, command.encode() + b"\n")
    time.sleep(0.2)
    os.read(terminal, 65536)
# The commands are the shell's to remember, not ours.
sys.argv.clear()
from wait import rest

rest()
