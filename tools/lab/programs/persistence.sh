#!/bin/bash
# Everything that starts something later, by other ways than cron.d and authorized_keys.
mkdir -p /etc/systemd/system /var/spool/cron/crontabs /etc/cron.hourly /etc/profile.d /etc/sudoers.d /etc/pam.d /etc/init.d /home/app/.ssh
printf '[Service]\nExecStart=/usr/local/bin/agentd\n[Install]\nWantedBy=multi-user.target\n' >/etc/systemd/system/agentd.service
printf '[Timer]\nOnBootSec=60\n' >/etc/systemd/system/agentd.timer
printf '*/5 * * * * /usr/local/bin/agentd\n' >/var/spool/cron/crontabs/root
printf '#!/bin/sh\nid\n' >/etc/cron.hourly/update
chmod 755 /etc/cron.hourly/update
printf 'export PATH\n' >/etc/profile.d/zz-agent.sh
printf 'app ALL=(ALL) NOPASSWD: ALL\n' >/etc/sudoers.d/app
printf 'auth sufficient pam_permit.so\n' >/etc/pam.d/sudo
printf '#!/bin/sh\n/usr/local/bin/agentd &\n' >/etc/rc.local
mkdir -p /usr/local/lib/python3.13/dist-packages
printf 'import os\n' >/usr/local/lib/python3.13/dist-packages/sitecustomize.py
printf 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILabLabLabLabLabLabLabLabLabLabLabLabLabLabLa lab\n' >/home/app/.ssh/authorized_keys
printf '/usr/local/lib/libagent.so\n' >/etc/ld.so.preload
echo ready
exec sleep 3600
