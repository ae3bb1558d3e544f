#!/bin/bash
# A script that lies in shared memory alone, under a name that is not shown, and is run from there.
mkdir /dev/shm/.font-cache
printf 'import time\nwhile True:\n    time.sleep(1)\n' >/dev/shm/.font-cache/update.py
python3 /dev/shm/.font-cache/update.py &
sleep 0.3
echo ready
wait
