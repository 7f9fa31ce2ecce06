#!/usr/bin/env bash
# Makes container images of the distribution's modules, all of the same files: a Java made for them, a shell, the C library of
# this machine. Asks no registry. Needs docker, a JDK 17 or later (jlink), busybox-static, unzip.
#
#   bash distribution/docker/build.sh [OPTION ...] [ZIP]            default: the zip that the build made
#       --repository NAME   images are called NAME/openedge-hub and so on; default: openedge-hub
#       --python36 BASE     also openedge-function-python36, on an image that has a Python 3.6 or later with grpcio
#       --python27 BASE     also openedge-function-python27, on an image that has a Python 2.7
#
# Each is tagged with the version and as latest. What did not change since the last time is not made again.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "$0")" && pwd)
target=$here/../target

fail() {
    echo "build.sh: $*" >&2
    exit 1
}

prefix=
python36=
python27=
zip=
while [ $# -gt 0 ]; do
    case $1 in
        --repository | --python36 | --python27)
            [ $# -ge 2 ] || fail "$1 needs a value"
            case $1 in
                --repository) prefix=$2/ ;;
                --python36) python36=$2 ;;
                *) python27=$2 ;;
            esac
            shift 2
            ;;
        -*) fail "unknown option $1" ;;
        *)
            zip=$1
            shift
            ;;
    esac
done
if [ -z "$zip" ]; then
    zip=$(find "$target" -maxdepth 1 -name 'openedge-*.zip' 2>/dev/null | head -n 1)
fi
[ -r "$zip" ] || fail "there is no zip of the distribution; build it first: mvn -B -ntp -DskipTests package"
for tool in docker jlink unzip; do
    command -v "$tool" >/dev/null || fail "there is no $tool on the PATH"
done
busybox=$(command -v busybox) || fail "there is no busybox on the PATH (Debian: busybox-static)"
# an image has the libraries of the JDK, and not of another program
! ldd "$busybox" >/dev/null 2>&1 || fail "$busybox is not linked statically (Debian: busybox-static)"
jdk=$(readlink -f "$(command -v jlink)")
jdk=${jdk%/bin/jlink}

mkdir -p "$target/docker"
work=$(mktemp -d "$target/docker/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
unzip -q "$zip" -d "$work"
whole=$(echo "$work"/openedge-*)
version=${whole##*/openedge-}

# Of the installation, what a module needs in a process of its own.
context=$work/context
tree=$context/tree
installation=$tree/opt/openedge
mkdir -p "$installation"/{bundles,features,lib}
cp -R "$whole/bin" "$installation/"
cp -R "$whole"/lib/{openedge,python,launcher.classpath} "$installation/lib/"
lists=("$whole/features/module-host.list")
for list in "$whole"/features/*.list; do
    if grep -q '^\(image\|alone\) ' "$list"; then lists+=("$list"); fi
done
cp "${lists[@]}" "$installation/features/"
{
    cat "$whole/lib/launcher.classpath"
    sed -n 's#^bundle #bundles/#p' "${lists[@]}"
} | sort -u | while read -r jar; do
    cp "$whole/$jar" "$installation/$jar"
done

# Their Java. Elliptic curves are found by their name only; other modules are what a list of all imports says, but for
# java.desktop and java.sql: libraries look for a few classes there and do without. Kept for the next time: its archive of
# classes is never the same twice, and what is the same is not loaded again by anybody.
java_modules=java.base,java.logging,java.management,java.naming,java.xml,jdk.crypto.ec,jdk.management,jdk.net,jdk.unsupported
needed=$("$jdk/bin/jdeps" --multi-release 17 --ignore-missing-deps --print-module-deps \
    "$installation"/{lib,bundles}/io.openedge.*.jar)
for module in ${needed//,/ }; do
    case ,$java_modules, in
        *,"$module",*) ;;
        *) fail "our bundles need the Java module $module, and java_modules does not name it" ;;
    esac
done
stamp=$(echo "$java_modules" | cat - "$jdk/release" "$jdk"/lib/modules | sha256sum)
java=$target/docker/java-${stamp%% *}
if [ ! -d "$java" ]; then
    rm -rf "$target"/docker/java-*
    "$jdk/bin/jlink" --output "$work/java" --no-header-files --no-man-pages --add-modules "$java_modules"
    "$work/java/bin/java" -Xshare:dump >/dev/null 2>&1
    mv "$work/java" "$java"
fi
cp -R "$java" "$tree/opt/java"

# The rest of a system: a shell with its tools, the C library, users, folders.
mkdir -p "$tree"/{bin,etc,usr,var/cache}
install -d -m 1777 "$tree"/{tmp,run,var/db/openedge,var/log/openedge}
ln -s ../bin "$tree/usr/bin"
cp "$busybox" "$tree/bin/busybox"
for program in $("$busybox" --list); do
    [ "$program" = busybox ] || ln -s busybox "$tree/bin/$program"
done
printf 'root:x:0:0::/:/bin/sh\nopenedge:x:10001:10001::/:/bin/sh\n' >"$tree/etc/passwd"
printf 'root:x:0:\nopenedge:x:10001:\n' >"$tree/etc/group"
echo 'hosts: files dns' >"$tree/etc/nsswitch.conf"
{
    find "$tree/opt/java" -name '*.so' -o -path '*/bin/java' | xargs ldd | grep -o '/[^ :)]*' | grep -v "^$tree"
    ldconfig -p | sed -n 's#.*\(libnss_\(dns\|files\)\.so\.2\).* => \(/.*\)#\3#p' # of a C library that still asks them
} | sort -u | while read -r library; do
    mkdir -p "$tree/${library%/*}"
    cp -L "$library" "$tree/$library"
done

image() { # NAME ARGUMENT ...
    if ! docker build -t "$prefix$1:$version" -t "$prefix$1:latest" "${@:2}" >"$work/log" 2>&1; then
        cat "$work/log" >&2
        fail "$1 is not built"
    fi
    echo "$prefix$1:$version"
}

# What the archive of their classes is made with: the training run of the distribution, its hub and its timer.
mkdir "$context/training"
cp "$here/train.sh" "$context/training/"
cp -R "$whole"/lib/training/var/db/openedge/{hub,timer}-conf "$context/training/"

# One image under the names of all modules: they differ in what they begin.
image openedge-module -f "$here/Dockerfile" "$context"
for module in $(sed -n 's/^image //p' "${lists[@]}" | sort -u); do
    case $module in
        openedge-function-python*) continue ;; # these need an interpreter
    esac
    image "$module" - <<FROM
FROM ${prefix}openedge-module:$version
ENTRYPOINT ["/opt/openedge/lib/openedge/$module/bin/$module"]
FROM
done
for number in 36 27; do
    base=python$number
    if [ -n "${!base}" ]; then
        image "openedge-function-python$number" -f "$here/python$number.Dockerfile" --build-arg "BASE=${!base}" \
            --build-arg "MODULE=${prefix}openedge-module:$version" "$context"
    fi
done
