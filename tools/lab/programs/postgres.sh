#!/bin/bash
install -d -o postgres /var/lib/db /run/postgresql
bin=$(echo /usr/lib/postgresql/*/bin)
su postgres -s /bin/bash -c "$bin/initdb -D /var/lib/db >/dev/null"
exec setpriv --reuid postgres --regid postgres --clear-groups "$bin/postgres" -D /var/lib/db -c listen_addresses=
