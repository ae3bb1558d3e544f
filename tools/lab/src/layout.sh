#!/bin/bash
# Lays out what a debootstrapped root needs to be a lab. Usage: layout.sh ROOT PROGRAMS
set -euo pipefail
root=$1 programs=$2
export DEBIAN_FRONTEND=noninteractive PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/run"
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true

if [ ! -e "$root/.packages" ]; then
  printf 'force-unsafe-io\npath-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\npath-exclude=/usr/share/locale/*\n' >"$root/etc/dpkg/dpkg.cfg.d/lab"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  chroot "$root" apt-get install -y -qq --no-install-recommends \
    tcc libc6-dev python3 perl openssl socat nodejs openjdk-21-jre-headless nginx-light redis-server postgresql >"$root/var/log/lab-packages.log" 2>&1
  touch "$root/.packages"
fi

# CRIU puts hardware breakpoints into the processes that it freezes. In some virtual machines these never fire, and the
# dump waits for ever; fault 130 makes it step by system calls instead.
mkdir -p "$root/usr/local/lib/lab"
cp "$programs/for-criu.c" "$root/usr/local/lib/lab/"
chroot "$root" tcc -shared -o /usr/local/lib/lab/for-criu.so /usr/local/lib/lab/for-criu.c
printf '#!/bin/sh\nexport CRIU_FAULT=130 LD_PRELOAD=/usr/local/lib/lab/for-criu.so\nexec /usr/sbin/criu "$@"\n' >"$root/usr/local/sbin/criu"
chmod 755 "$root/usr/local/sbin/criu"
mkdir -p "$root/etc/containers"
printf '[storage]\ndriver = "overlay"\nrunroot = "/run/containers/storage"\ngraphroot = "/var/lib/containers/storage"\n' >"$root/etc/containers/storage.conf"
# The containers' network leads nowhere, so that there is nothing to filter. There is no systemd to make cgroups.
printf '[network]\nfirewall_driver = "none"\n[engine]\ncgroup_manager = "cgroupfs"\nruntime = "runc"\n' >"$root/etc/containers/containers.conf"
