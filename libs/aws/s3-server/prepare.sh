#!/bin/bash
# Puts a real S3 server (Ceph RGW of Debian trixie) into a folder: 700 MB. Needs root, a Debian mirror, and
# debootstrap, which it installs where there is apt-get. Does nothing where it is there. A folder that was begun and not finished is begun anew.
# Usage: prepare.sh FOLDER
set -euo pipefail
folder=$1
mkdir -p "$folder"
exec 9> "$folder/lock"
flock 9
[ -f "$folder/prepared" ] && exit 0
[ "$(id -u)" = 0 ] || { echo 'needs root' >&2; exit 1; }
command -v debootstrap > /dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 debootstrap; } > /dev/null || true
command -v debootstrap > /dev/null || { echo 'debootstrap is not installed' >&2; exit 1; }
rm -rf "$folder/root"
# Mounts of this namespace are gone with it, however the script ends.
exec unshare --mount --propagation private bash -euo pipefail -s "$folder" <<'INSIDE'
root=$1/root
debootstrap --variant=minbase trixie "$root"
mountpoint -q "$root/proc" || mount --bind /proc "$root/proc"
mountpoint -q "$root/dev" || mount --bind /dev "$root/dev"
# Nothing that is installed starts a service.
printf 'exit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y --no-install-recommends ceph-mon ceph-osd radosgw ceph-common < /dev/null
chroot "$root" apt-get clean
touch "$1/prepared"
INSIDE
