# What the benchmarks share; read by them with `source`.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

# The folder of the built distribution; builds it if it is not built.
home() {
    local found
    found=$(find "$root/distribution/target" -maxdepth 1 -type d -name 'openedge-*' 2>/dev/null | head -n 1)
    if [ -z "$found" ]; then
        (cd "$root" && mvn -B -ntp -q -DskipTests package) >&2
        found=$(find "$root/distribution/target" -maxdepth 1 -type d -name 'openedge-*' | head -n 1)
    fi
    echo "$found"
}

# What a table of figures begins with.
machine() {
    echo "Machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)," \
        "$(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo), Linux $(uname -r)," \
        "$(java -version 2>&1 | sed -n 's/.*version "\(.*\)".*/Java \1/p')," \
        "load average $(cut -d ' ' -f 1 /proc/loadavg)"
}

# Compiles sources of this folder into a folder that lives as long as the script: compile NAME ...
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compile() {
    javac -d "$work/classes" -sourcepath "$here" "${@/#/$here/}"
}
