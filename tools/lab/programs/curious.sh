#!/bin/bash
# curious.sh: what people do to containers without being attackers.
echo 'export EDITOR=vi' >>/root/.bashrc
mkdir -p /root/.cache/pip /tmp/build
touch /root/.cache/pip/selfcheck.json /tmp/build/a.o
tar -czf /tmp/build.tar.gz -C /tmp build
date >/var/log/app.log
echo ready
while :; do sleep 1; done
