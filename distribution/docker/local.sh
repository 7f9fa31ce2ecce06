#!/usr/bin/env bash
# Makes all images for this machine, a Debian: with its own Python 3 and, where it has one, its own Python 2.7. For tests and
# the example; takes the arguments of build.sh.
#
#   bash distribution/docker/local.sh [--debootstrap] [ARGUMENT ...]
#       --debootstrap       the Python 3 is that of a Debian made for it, where root can make one here
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

python3=
if [ "${1:-}" = --debootstrap ]; then
    shift
    if bash "$here/debian.sh" openedge-base-debian:local python3 python3-grpcio python3-protobuf; then
        python3=openedge-base-debian:local
    else
        echo "local.sh: no Debian can be made here, this machine's own Python serves" >&2
    fi
fi
if [ -z "$python3" ]; then
    python3=openedge-base-python3:local
    bash "$here/base.sh" "$python3" python3-grpcio python3-protobuf
fi
options=(--python36 "$python3")
for folder in $(echo "$PATH" | tr : ' ') "$HOME"/.pyenv/versions/2.7*/bin; do
    # a shim of a version manager may lie there and fail
    if tree=$("$folder/python2.7" -c 'import sys; print(sys.prefix)' 2>/dev/null); then
        if [ "$tree" = /usr ]; then
            bash "$here/base.sh" openedge-base-python27:local python2.7 libstdc++6
        else
            bash "$here/base.sh" --local "$tree" openedge-base-python27:local libstdc++6 zlib1g
        fi
        options+=(--python27 openedge-base-python27:local)
        break
    fi
done
exec bash "$here/build.sh" "${options[@]}" "$@"
