#!/bin/bash
# A package that brings a program, a unit and a job is being installed.
set -e
mkdir -p /tmp/p/DEBIAN /tmp/p/usr/bin /tmp/p/usr/lib/systemd/system /tmp/p/etc/cron.d
printf 'Package: lab-agent\nVersion: 1\nArchitecture: all\nMaintainer: Lab <lab@example.invalid>\nDescription: a package\n' >/tmp/p/DEBIAN/control
printf '#!/bin/sh\necho ready >/proc/1/fd/1\nsleep 3600\n' >/tmp/p/DEBIAN/postinst
printf '[Service]\nExecStart=/usr/bin/lab-agent\n' >/tmp/p/usr/lib/systemd/system/lab-agent.service
printf '0 3 * * * root /usr/bin/lab-agent --rotate\n' >/tmp/p/etc/cron.d/lab-agent
printf '#!/bin/sh\nexit 0\n' >/tmp/p/usr/bin/lab-agent
chmod 755 /tmp/p/DEBIAN/postinst /tmp/p/usr/bin/lab-agent
dpkg-deb --build --root-owner-group /tmp/p /tmp/lab-agent.deb >/dev/null
dpkg -i /tmp/lab-agent.deb >/dev/null
