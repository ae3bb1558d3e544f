#!/bin/bash
# Puts crit, CRIU's own reader of images, from Debian's packages into a folder, without installing CRIU. Usage: crit.sh FOLDER
set -euo pipefail
mkdir -p "$1"
cd "$1"
[ -x usr/bin/crit ] && exit 0
# One package in Debian 12; crit's modules have a package of their own from 13 on.
apt-get download criu
apt-get download python3-pycriu 2>/dev/null || true
for package in *.deb; do dpkg-deb --extract "$package" .; done
[ -x usr/bin/crit ]
