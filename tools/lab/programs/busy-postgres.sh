#!/bin/bash
# A database with sessions that are at work.
(bash /srv/lab/postgres.sh >/tmp/postgres.log 2>&1) &
for _ in $(seq 100); do grep -q 'ready to accept' /tmp/postgres.log && break; sleep 0.3; done
for _ in 1 2 3; do setpriv --reuid postgres --regid postgres --clear-groups psql -q -d postgres -c 'select pg_sleep(3600)' & done
sleep 1
echo ready
wait
