import os
from wait import rest

log = open("/var/log/app.log", "w+")
log.write("hello secret\n")
log.flush()
os.unlink("/var/log/app.log")
rest()
