#!/bin/sh
# The module @IMAGE@ as a program: becomes the process that the installation makes of it, in the current folder.
# The installation is the one that OPENEDGE_HOME names, else the one in which this file lies.
image=@IMAGE@
home=${OPENEDGE_HOME:-}
if [ -z "$home" ]; then
    self=$(readlink -f -- "$0")
    home=${self%/lib/openedge/"$image"/bin/*}
fi
if [ ! -x "$home/bin/openedge" ]; then
    echo "$image: there is no bin/openedge in ${home:-/}; OPENEDGE_HOME names the installation" >&2
    exit 1
fi
exec "$home/bin/openedge" module "$image" "$@"
