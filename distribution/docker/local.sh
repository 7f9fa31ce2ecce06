#!/usr/bin/env bash
# Makes all images for this machine, a Debian: with its own Python 3 and, where it has one, its own Python 2.7. For tests and
# the example; takes the arguments of build.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

bash "$here/base.sh" openedge-base-python3:local python3-grpcio python3-protobuf
options=(--python36 openedge-base-python3:local)
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
