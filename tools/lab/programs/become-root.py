import os
import subprocess
import time
from wait import rest

os.setgroups([])
os.setgid(1000)
os.setuid(1000)
subprocess.Popen(["/tmp/helper"])
time.sleep(0.3)
rest()
