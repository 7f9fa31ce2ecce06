#!/bin/sh
# The runtime @IMAGE@ as a program: Python itself, where the interpreter that is found has grpcio; else a Java that
# hosts one. The interpreter is the first that really runs, as in the framework.
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

file=etc/openedge/service.yml
if [ "$1" = -c ] && [ -n "$2" ]; then
    file=$2
    if [ -f "./$2" ]; then # an absolute one is first taken below this folder
        file=./$2
    fi
fi
configured=$(sed -n "s/^python:[[:space:]]*[\"']\{0,1\}\([^\"'#[:space:]]*\).*/\1/p" "$file" 2>/dev/null | head -n 1)
case $image in
    *27) commands='python2.7 python2' fits='v[:2] == (2, 7)' ;;
    *) commands='python3.6 python3 /usr/bin/python3' fits='v[:2] >= (3, 6)' ;;
esac

# 0: it runs and has grpcio; 9: it runs without
probe="
import sys
v = sys.version_info
if not ($fits):
    sys.exit(1)
try:
    import grpc
except Exception:
    sys.exit(9)
"

# Becomes Python when this one has grpcio, Java when it runs without; comes back when it does not run.
try() {
    python=$1
    shift
    [ -f "$python" ] && [ -x "$python" ] || return 0
    "$python" -c "$probe" >/dev/null 2>&1 </dev/null
    case $? in
        0)
            export PYTHONUNBUFFERED=1 PYTHONIOENCODING=utf-8 PYTHONDONTWRITEBYTECODE=1
            exec "$python" "$home/lib/python/openedge_function/server.py" "$@"
            ;;
        9) exec "$home/bin/openedge" module "$image" "$@" ;;
    esac
}

for command in $configured $commands; do
    case $command in
        */*) try "$command" "$@" ;;
        *)
            old=$IFS
            IFS=:
            for folder in $PATH; do
                IFS=$old
                try "$folder/$command" "$@"
                IFS=:
            done
            IFS=$old
            ;;
    esac
done
exec "$home/bin/openedge" module "$image" "$@" # which says what was tried
