#!/bin/sh
# In the image of all modules, when it is built: a timer sends to a hub beside it, until it has loaded what it needs for that.
# Leaves its classes in an archive, /training/module.jsa, which starts each module faster and is in memory once for all of them.
set -eu
cd /training
for module in hub timer; do
    mkdir -p $module/etc/openedge
    sed 's/hub:@PORT@/127.0.0.1:1883/; s/@PORT@/1883/; s/@PASSWORD@/training/' \
        $module-conf/service.yml >$module/etc/openedge/service.yml
done
openedge module -w hub openedge-hub &
for _ in $(seq 300); do
    ! nc -z 127.0.0.1 1883 2>/dev/null || break
    sleep 0.1
done
# A training run lasts as long as its standard input, if it is not over before.
mkfifo open
OPENEDGE_ARCHIVE_TO=/training openedge module -w timer openedge-timer <>open
kill $!
[ -s module.jsa ]
