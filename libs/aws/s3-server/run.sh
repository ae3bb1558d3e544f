#!/bin/bash
# Runs a monitor, one store in memory and the S3 gateway at an address of the loopback, and says `ready`. Ends, and all of them
# with it, when its input ends. Runs as the first process of namespaces of its own, so nothing of it is left, however it ends:
#   unshare --mount --pid --fork --kill-child --propagation private run.sh FOLDER ADDRESS MONITOR_PORT PORT
# Whoever starts another gives it another ADDRESS: what it keeps is its own, in memory, and so are then all of its ports.
set -euo pipefail
root=$1/root
if [ "${5:-}" != inside ]; then
  mount --bind /dev "$root/dev"
  mount -t proc proc "$root/proc"
  mount -t tmpfs tmpfs "$root/srv"
  cp "$0" "$root/srv/run.sh"
  exec chroot "$root" bash /srv/run.sh / "$2" "$3" "$4" inside
fi
address=$2
monitor=$address:$3
port=$4
home=/srv/ceph
mkdir -p $home/mon $home/osd0 $home/rgw $home/run $home/log
fsid=$(cat /proc/sys/kernel/random/uuid)
cat > $home/ceph.conf <<C
[global]
fsid = $fsid
mon host = $monitor
mon initial members = a
ms bind msgr2 = false
ms bind msgr1 = true
public addr = $address
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
osd class update on start = false
osd crush update on start = false
memstore device bytes = 4294967296
osd data = $home/osd0
osd class dir = /usr/lib/x86_64-linux-gnu/rados-classes
osd class load list = *
osd class default list = *
mon data = $home/mon
setuser match path =
ms type = async+posix
[client.rgw]
rgw frontends = beast endpoint=$address:$port
rgw data = $home/rgw
rgw run sync thread = false
rgw enable usage log = false
rgw dns name = $address
rgw crypt require ssl = false
rgw rados pool pg num min = 1
rgw override bucket index max shards = 1
C
conf="-c $home/ceph.conf"
# Tries a command until it succeeds, for at most a minute.
until_true() { for _ in $(seq 1 600); do "$@" > /dev/null 2>&1 && return; sleep 0.1; done; echo "never succeeded: $*" >&2; exit 1; }
store_is_up() { ceph $conf osd stat | grep -q '1 up'; }
gateway_listens() { (echo > "/dev/tcp/$address/$port"); }
{
  monmaptool --create --clobber --addv a "[v1:$monitor]" --fsid "$fsid" $home/monmap
  ceph-mon $conf -i a --mkfs --monmap $home/monmap
  ceph-mon $conf -i a
  until_true ceph $conf --connect-timeout 2 -s
  uuid=$(cat /proc/sys/kernel/random/uuid)
  until_true ceph $conf osd new "$uuid"
  until_true ceph $conf osd crush add osd.0 1 root=default host=a
  ceph-osd $conf -i 0 --mkfs --osd-uuid "$uuid"
  until_true ceph-osd $conf -i 0
  until_true store_is_up
  radosgw $conf -n client.rgw
  until_true gateway_listens
  until_true radosgw-admin $conf user create --uid=t --display-name=t --access-key=test --secret-key=testtest
  # Has no right but what a bucket's policy gives it.
  radosgw-admin $conf user create --uid=writer --display-name=writer --access-key=writer --secret-key=writerwriter
} >&2 < /dev/null
echo ready
read -r _ || exit 0
