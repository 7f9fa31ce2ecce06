#!/usr/bin/env bash
# Builds the archives once more, in another folder, with another umask, time zone and language, and as another user where
# it runs as root, and compares them with those of distribution/target. Needs what a build has put in the local repository.
#
#   bash integration-tests/reproducible.sh [LOCAL REPOSITORY]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
repository=${1:-$HOME/.m2/repository}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reproducible.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/another" "$scratch/home"
tar -C "$root" --exclude=target --exclude=.git -c . | tar -C "$scratch/another" -x

as=()
if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    # The repository may lie in a folder that is closed to others; links cost nothing where the file system is the same.
    cp -al "$repository" "$scratch/repository" 2>/dev/null || {
        rm -rf "$scratch/repository"
        cp -a "$repository" "$scratch/repository"
    }
    find "$scratch/repository" -type d -exec chmod go+rx {} +
    repository=$scratch/repository
    chmod 755 "$scratch"
    chown -R 65534:65534 "$scratch/another" "$scratch/home"
fi
cd "$scratch/another"
umask 077
HOME=$scratch/home MAVEN_OPTS=-Duser.language=tr TZ=Asia/Tokyo LC_ALL=C "${as[@]}" mvn -B -ntp -o -q -llr "-Dmaven.repo.local=$repository" \
    "-Duser.home=$scratch/home" -DskipTests -Dspotless.check.skip -Dcheckstyle.skip -Dforbiddenapis.skip \
    -pl distribution -am package

failed=0
for archive in "$root"/distribution/target/openedge-*.zip "$root"/distribution/target/openedge-*.tar.gz; do
    if cmp "$archive" "distribution/target/${archive##*/}"; then
        echo "the same bytes: $(sha256sum "$archive" | cut -c1-64) ${archive##*/}"
    else
        failed=1
        diff -rq "$root/distribution/target/$(basename "$archive" .zip)" "distribution/target/$(basename "$archive" .zip)" || true
    fi
done
exit $failed
