#!/bin/bash
# Inside a lab: makes the image that scenarios run in. Usage: image.sh DIGEST-OF-PROGRAMS, with the programs in /lab/programs.
set -euo pipefail
digest=$1
# Where an engine's socket would be, for the scenario that mounts it.
[ -S /run/docker.sock ] || python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/run/docker.sock")'
podman network exists lab || podman network create --internal --disable-dns --subnet 10.99.0.0/24 lab >/dev/null
podman=(podman --cgroup-manager=cgroupfs --runtime=runc)

if ! podman image exists localhost/lab:base; then
  tar -c -C / --one-file-system --exclude=./lab --exclude=./oldroot --exclude='./proc/*' --exclude='./sys/*' --exclude='./dev/*' \
    --exclude='./run/*' --exclude=./var/lib/containers --exclude=./var/cache --exclude=./var/lib/apt --exclude=./var/tmp/podman* \
    --exclude=./debootstrap --exclude=./usr/local/sbin/criu --exclude=./usr/local/lib/lab . | podman import --quiet - lab:base >/dev/null
fi
[ "$(podman image inspect --format '{{index .Labels "programs"}}' localhost/lab:1 2>/dev/null)" = "$digest" ] && exit 0

rm -rf /tmp/lab
mkdir -p /tmp/lab/bin
cp /lab/programs/* /tmp/lab/
chmod 755 /tmp/lab/*.sh
cd /tmp/lab
for program in idle memfd-exec become-root; do tcc -o "bin/$program" "$program.c"; done
# A library that does no harm; tcc's own would ask for an executable stack.
cp -L /usr/lib/x86_64-linux-gnu/libutil.so.1 bin/preload.so
rm ./*.c
"${podman[@]}" rm --force --time 0 lab-image >/dev/null 2>&1 || true
"${podman[@]}" create --name lab-image --network none localhost/lab:base true >/dev/null
podman cp /tmp/lab lab-image:/srv/lab
podman commit --quiet --change "LABEL programs=$digest" lab-image lab:1 >/dev/null
podman rm lab-image >/dev/null
rm -rf /tmp/lab
