#!/bin/bash
cp /bin/sleep /tmp/.d
/tmp/.d 3600 &
sleep 0.5
rm /tmp/.d
echo ready
wait
