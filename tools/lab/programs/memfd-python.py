"""Runs a program from memory without any helper, under a harmless name."""
import os
import time
from wait import rest

memory = os.memfd_create("dbus-cache", 0)
with open("/srv/lab/bin/idle", "rb") as program:
    os.write(memory, program.read())
if os.fork() == 0:
    os.execve(memory, ["/usr/bin/dbus-daemon", "--system"], {"PATH": "/usr/bin"})
time.sleep(0.3)
rest()
