#!/bin/bash
# A service goes on while the package that it came with, program and library, is replaced by a newer one.
set -e
mkdir -p /tmp/p/DEBIAN /tmp/p/usr/sbin /tmp/p/usr/lib/x86_64-linux-gnu
install_version() {
  printf 'Package: lab-service\nVersion: %s\nArchitecture: amd64\nMaintainer: Lab <lab@example.invalid>\nDescription: a package\n' "$1" >/tmp/p/DEBIAN/control
  cp /srv/lab/bin/idle /tmp/p/usr/sbin/lab-service
  cp /srv/lab/bin/preload.so /tmp/p/usr/lib/x86_64-linux-gnu/liblab.so.1
  printf '%s' "$1" >>/tmp/p/usr/sbin/lab-service
  dpkg-deb --build --root-owner-group /tmp/p "/tmp/lab-service-$1.deb" >/dev/null
  dpkg -i "/tmp/lab-service-$1.deb" >/dev/null 2>&1
}
install_version 1.0
/usr/sbin/lab-service &
python3 -c 'import ctypes, time; ctypes.CDLL("/usr/lib/x86_64-linux-gnu/liblab.so.1"); time.sleep(3600)' &
sleep 0.5
install_version 1.1
rm -rf /tmp/p /tmp/lab-service-*.deb
echo ready
wait
