#!/bin/bash
# Puts a real S3 server (Ceph RGW of Debian) into a folder, for the tests: about 700 MB. Needs root and debootstrap.
# Usage: prepare-s3-server.sh [FOLDER]
set -e
folder=${1:-${ICECORE_S3_SERVER:-.icecore/s3-server}}
[ -f "$folder/prepared" ] && exit 0
[ "$(id -u)" = 0 ] || { echo 'the S3 server needs root' >&2; exit 1; }
command -v debootstrap >/dev/null || { echo 'debootstrap is not installed' >&2; exit 1; }
mkdir -p "$folder"
debootstrap --variant=minbase trixie "$folder/root"
mount --bind /proc "$folder/root/proc"
mount --bind /dev "$folder/root/dev"
trap 'umount "$folder/root/proc" "$folder/root/dev"' EXIT
printf 'exit 101\n' > "$folder/root/usr/sbin/policy-rc.d"
chmod +x "$folder/root/usr/sbin/policy-rc.d"
DEBIAN_FRONTEND=noninteractive chroot "$folder/root" apt-get install -y --no-install-recommends ceph-mon ceph-osd radosgw ceph-common
chroot "$folder/root" apt-get clean
touch "$folder/prepared"
