#!/usr/bin/env bash
# Makes a base image of what is installed on this Debian: packages with all that they need,
# and a shell with its tools. Asks no registry and no mirror.
#
#   bash distribution/docker/base.sh [--local FOLDER] IMAGE [PACKAGE ...]
#       --local FOLDER      becomes /usr/local of the image, with the libraries that its programs need
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
local=
if [ "${1:-}" = --local ]; then
    local=$2
    shift 2
fi
[ $# -ge 1 ] || { sed -n 's/^#   //p' "$0" >&2 && exit 2; }
image=$1
shift
work=$(mktemp -d "${TMPDIR:-/tmp}/openedge-base.XXXXXX")
trap 'rm -rf "$work"' EXIT

all=$(apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances dash coreutils sed grep "$@" | grep -v '^[ <|]' | sort -u)
# The same packages make the same image: it is there already.
stamp=$({ dpkg-query -W $all && cat "$0" && { [ -z "$local" ] || ls -lLR "$local"; }; } | sha256sum)
stamp=${stamp%% *}
if [ "$(docker image inspect -f '{{index .Config.Labels "io.openedge.stamp"}}' "$image" 2>/dev/null)" = "$stamp" ]; then
    exit
fi

# Lists name files below /lib, which is a link to /usr/lib here and in the image.
dpkg -L $all | grep -Ev '^/(usr/share/(doc|man|locale|info|lintian|bug)|\.)(/|$)|^/$' |
    sed 's#^/\(bin\|sbin\|lib\|lib32\|lib64\|libx32\)\(/\|$\)#/usr/\1\2#' | sort -u >"$work/files"
if [ -n "$local" ]; then
    { find "$local" -type f \( -name '*.so*' -o -perm -1 \) -exec ldd {} + 2>/dev/null || true; } |
        sed -n 's#.*=> \(/[^ ]*\) .*#\1#p' | { grep -v "^$local" || true; } | sort -u | while read -r library; do
        echo "$library"
        readlink -f "$library"
    done | sed 's#^/lib/#/usr/lib/#' | sort -u >>"$work/files"
fi
mkdir -p "$work/tree"/{usr/bin,usr/sbin,usr/lib,usr/lib64,etc,root}
install -d -m 1777 "$work/tree/tmp"
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$work/tree/$folder"; done
tar -C / --ignore-failed-read --no-recursion -cf - -T "$work/files" 2>/dev/null | tar -C "$work/tree" -xf -
[ -z "$local" ] || cp -R "$local" "$work/tree/usr/local"
printf 'root:x:0:0::/root:/bin/sh\nopenedge:x:10001:10001::/:/bin/sh\n' >"$work/tree/etc/passwd"
printf 'root:x:0:\nopenedge:x:10001:\n' >"$work/tree/etc/group"
printf '/usr/local/lib\n/usr/lib/%s\n' "$(uname -m)-linux-gnu" >"$work/tree/etc/ld.so.conf"
ldconfig -r "$work/tree"
tar -C "$work/tree" -cf - . | docker import --change "LABEL io.openedge.stamp=$stamp" \
    --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin' - "$image" >/dev/null
