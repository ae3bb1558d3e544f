#!/bin/bash
# The first process of a lab: lays out a root of its own, then waits until whoever started it goes away.
# Runs as pid 1 of new mount, pid and network namespaces, so that nothing in the lab outlives it.
# Usage: enter.sh ROOT WORK, with standard input held open as long as the lab is wanted.
set -euo pipefail
root=$1 work=$2

mkdir -p "$root/lab" "$root/oldroot"
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount -t tmpfs tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir -p "$root"/dev/{pts,shm,net,mqueue}
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t mqueue mqueue "$root/dev/mqueue" 2>/dev/null || true
mknod "$root/dev/net/tun" c 10 200
mount -t tmpfs tmpfs "$root/run"
mount --bind "$work" "$root/lab"
cd "$root"
pivot_root . oldroot
cd /
umount -l /oldroot
export PODMAN_IGNORE_CGROUPSV1_WARNING=1 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
ip link set lo up
# Containers of a lab that ended without a word are gone, but podman still lists them.
podman rm --all --force --time 0 >/dev/null 2>&1 || true
# So are their cgroups' processes; only empty ones can be removed.
rmdir /sys/fs/cgroup/*/libpod_parent/* 2>/dev/null || true
echo ready

while read -r _; do :; done
podman rm --all --force --time 0 >/dev/null 2>&1 || true
