#!/bin/bash
# Starts a monitor, one store in memory and the S3 gateway, on the loopback only. Runs inside the prepared folder.
set -e
home=/srv/ceph
rm -rf $home
mkdir -p $home/mon $home/osd0 $home/rgw $home/run $home/log /etc/ceph
fsid=$(cat /proc/sys/kernel/random/uuid)
cat > $home/ceph.conf <<C
[global]
fsid = $fsid
mon host = 127.0.0.1:6789
mon initial members = a
ms bind msgr2 = false
ms bind msgr1 = true
public addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
mon max pg per osd = 2000
run dir = $home/run
admin socket = $home/run/\$name.asok
log file = $home/log/\$name.log
pid file = $home/run/\$name.pid
paxos propose interval = 0.05
paxos min wait = 0.01
mon osd min up ratio = 0
osd objectstore = memstore
memstore device bytes = 4294967296
osd data = $home/osd0
osd class dir = /usr/lib/x86_64-linux-gnu/rados-classes
osd class load list = *
osd class default list = *
mon data = $home/mon
setuser match path =
ms type = async+posix
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:7480
rgw data = $home/rgw
rgw run sync thread = false
rgw enable usage log = false
rgw dns name = 127.0.0.1
rgw crypt require ssl = false
rgw rados pool pg num min = 1
rgw override bucket index max shards = 1
C
conf="-c $home/ceph.conf"
monmaptool --create --clobber --addv a '[v1:127.0.0.1:6789]' --fsid $fsid $home/monmap
ceph-mon $conf -i a --mkfs --monmap $home/monmap
ceph-mon $conf -i a
for _ in $(seq 1 300); do ceph $conf --connect-timeout 2 -s && break; sleep 0.1; done
uuid=$(cat /proc/sys/kernel/random/uuid)
ceph $conf osd new $uuid
ceph-osd $conf -i 0 --mkfs --osd-uuid $uuid
ceph-osd $conf -i 0
for _ in $(seq 1 100); do ceph $conf osd stat | grep -q '1 up' && break; sleep 0.1; done
radosgw $conf -n client.rgw
for _ in $(seq 1 600); do (echo > /dev/tcp/127.0.0.1/7480) 2>/dev/null && break; sleep 0.1; done
radosgw-admin $conf user create --uid=t --display-name=t --access-key=test --secret-key=testtest
