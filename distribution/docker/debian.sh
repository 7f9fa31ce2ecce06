#!/usr/bin/env bash
# Makes a base image for build.sh: a small Debian with packages of its mirror, whatever is installed here. Needs debootstrap and
# root.
#
#   bash distribution/docker/debian.sh IMAGE [PACKAGE ...]
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
suite=bookworm
target=$(cd "$(dirname "$0")/.." && pwd)/target/docker
[ $# -ge 1 ] || { sed -n 's/^#   //p' "$0" >&2 && exit 2; }
image=$1
shift

# The same packages make the same image: it is there already, or its files are.
stamp=$({ echo "$@" && cat "$0"; } | sha256sum)
stamp=${stamp%% *}
if [ "$(docker image inspect -f '{{index .Config.Labels "io.openedge.stamp"}}' "$image" 2>/dev/null)" = "$stamp" ]; then
    exit
fi
mkdir -p "$target"
files=$target/debian-$stamp.tar
if [ ! -r "$files" ]; then
    work=$(mktemp -d "$target/debian.XXXXXX")
    trap 'rm -rf --one-file-system "$work"' EXIT
    packages=$(IFS=, && echo "$*")
    if ! debootstrap --variant=minbase ${packages:+--include="$packages"} "$suite" "$work/tree" >"$work/log" 2>&1; then
        tail -n 5 "$work/log" >&2
        exit 1
    fi
    # what only a system needs that is added to
    rm -rf "$work/tree"/dev/* "$work/tree"/var/{cache/apt,lib/apt/lists,log}/* \
        "$work/tree"/usr/share/{doc,info,locale,man}/*
    tar -C "$work/tree" --one-file-system -cf "$work/files" .
    rm -f "$target"/debian-*.tar
    mv "$work/files" "$files"
fi
docker import --change "LABEL io.openedge.stamp=$stamp" --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin' "$files" "$image" >/dev/null
