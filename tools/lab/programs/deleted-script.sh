#!/bin/bash
# A script that removes itself while it runs.
cat >/tmp/.update.sh <<'SCRIPT'
#!/bin/bash
rm -f /tmp/.update.sh
echo ready
while :; do sleep 1; done
SCRIPT
exec bash /tmp/.update.sh
