#!/usr/bin/env bash
# package.sh BUILD_DIR [--install]: the Debian package of what BUILD_DIR holds, made into that
# folder's parent, and examined: lintian, the files and their modes, what it depends on, the desktop
# entry and the type of vault files. With --install (root, debootstrap) also installed and used in a
# fresh Debian that has nothing else. Exit 0 only when all of it holds.
set -euo pipefail

build=$(cd "${1:?usage: package.sh BUILD_DIR [--install]}" && pwd)
install=${2:-}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
place=$(mktemp -d "${TMPDIR:-/tmp}/coffre-package-XXXXXX")
finish() {
  if mountpoint -q "$place/fresh/proc"; then
    umount "$place/fresh/proc"
  fi
  rm -rf --one-file-system "$place"
}
trap finish EXIT

fault() {
  printf 'package.sh: %s\n' "$*" >&2
  exit 1
}

# ---- Making it

cmake --build "$build" -j "${COFFRE_JOBS:-$(nproc)}" --target coffre_installed
rm -rf "$build/package"
(cd "$build" && cpack --config CPackConfig.cmake -B "$build/package" >"$build/package.log" 2>&1) || {
  cat "$build/package.log" >&2
  fault "cpack failed"
}
made=("$build"/package/*.deb)
[[ -f ${made[0]} ]] || fault "cpack made nothing"
package=$(dirname "$build")/$(basename "${made[0]}")
mv "${made[0]}" "$package"
rm -rf "$build/package"

# ---- What is in it

dpkg-deb --extract "$package" "$place/files"
dpkg-deb --control "$package" "$place/control"
field() { dpkg-deb --field "$package" "$1"; }

# The version of the program, of the package and of its changelog are one.
version=$(field Version)
[[ $(dpkg-parsechangelog -l "$root/assets/debian/changelog" -S Version) == "$version" ]] ||
  fault "assets/debian/changelog does not begin with version $version"
grep -q "<release version=\"$version\"" "$root/assets/desktop/org.coffre.coffre.metainfo.xml" ||
  fault "the metainfo does not name version $version"

expected() {
  local size
  cat <<'FILES'
usr/bin/coffre
usr/bin/coffrectl
usr/lib/systemd/user/coffre-sweep.service
usr/lib/systemd/user/coffre-sweep.timer
usr/lib/systemd/user/timers.target.wants/coffre-sweep.timer
usr/libexec/coffre/coffre-erase-helper
usr/libexec/coffre/coffre-viewer
usr/share/applications/coffre.desktop
usr/share/bash-completion/completions/coffrectl
usr/share/doc/coffre/changelog.gz
usr/share/doc/coffre/copyright
usr/share/icons/hicolor/scalable/apps/coffre.svg
usr/share/icons/hicolor/scalable/mimetypes/application-x-coffre-vault.svg
usr/share/locale/fr/LC_MESSAGES/coffre.mo
usr/share/man/man1/coffre.1.gz
usr/share/man/man1/coffrectl.1.gz
usr/share/metainfo/org.coffre.coffre.metainfo.xml
usr/share/mime/packages/coffre.xml
usr/share/polkit-1/actions/org.coffre.erase-helper.policy
FILES
  for size in 16 22 24 32 48 64 128 256 512; do
    printf 'usr/share/icons/hicolor/%sx%s/apps/coffre.png\n' "$size" "$size"
    printf 'usr/share/icons/hicolor/%sx%s/mimetypes/application-x-coffre-vault.png\n' "$size" "$size"
  done
}
(cd "$place/files" && find . ! -type d -printf '%P\n') | LC_ALL=C sort >"$place/found"
missing=$(comm -23 <(expected | LC_ALL=C sort) "$place/found")
[[ -z $missing ]] || fault "not in the package:"$'\n'"$missing"
surplus=$(comm -13 <(expected | LC_ALL=C sort) "$place/found")
[[ -z $surplus ]] || fault "the package holds what nobody expects:"$'\n'"$surplus"

wrong=$(dpkg-deb --contents "$package" | awk '
  /^l/ { next }
  { wanted = ($1 ~ /^d/ || $6 ~ /^\.\/usr\/(bin|libexec|lib\/coffre)\//) ? "rwxr-xr-x" : "rw-r--r--" }
  substr($1, 2) != wanted || $2 != "root/root" { print }')
[[ -z $wrong ]] || fault "wrong modes or owners:"$'\n'"$wrong"

# ---- The programs

while read -r program; do
  readelf --file-header "$program" | grep -q 'DYN (Position-Independent' ||
    fault "$program is not position independent"
  readelf --dynamic "$program" | grep -q 'NOW' || fault "$program does not bind at start"
  readelf --program-headers --wide "$program" | grep 'GNU_STACK' | grep -q 'RW ' ||
    fault "the stack of $program can be executed"
  [[ -z $(readelf --sections --wide "$program" | grep -e '\.symtab' -e '\.debug_' || true) ]] ||
    fault "$program is not stripped"
  if readelf --dynamic "$program" | grep -q -e RPATH -e RUNPATH; then
    fault "$program looks for libraries in a folder of its own"
  fi
done < <(find "$place/files/usr/bin" "$place/files/usr/libexec" -type f 2>/dev/null)
for need in libc6 libstdc++6 libsqlite3-0 libargon2-1; do
  field Depends | grep -qw -- "$need" || fault "the package does not depend on $need"
done

lintian --fail-on error,warning --allow-root "$package" || fault "lintian is not content"

# ---- The desktop

desktop-file-validate "$root/assets/desktop/coffre.desktop"
appstreamcli validate --no-net "$root"/assets/desktop/*.metainfo.xml >"$place/appstream" ||
  fault "the metainfo is not valid: $(cat "$place/appstream")"

# A database of types of our own, with SQLite's from the system: a vault is known by its bytes alone.
mkdir -p "$place/data/mime/packages"
cp /usr/share/mime/packages/freedesktop.org.xml "$place/files/usr/share/mime/packages/coffre.xml" \
  "$place/data/mime/packages"
update-mime-database "$place/data/mime" 2>"$place/mime.log" || fault "$(cat "$place/mime.log")"
type_of() {
  XDG_DATA_HOME=$place/data XDG_DATA_DIRS=$place/data \
    gio info -a standard::content-type "$1" | sed -n 's/.*standard::content-type: //p'
}
"$place/files/usr/bin/coffrectl" init "$place/a.coffre" --owner Claire --kdf-memory 64 \
  --password-fd 3 3<<<'Une-parole-pour-essayer-2026' >/dev/null
cp "$place/a.coffre" "$place/nameless"
python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute("create table t (a)")' \
  "$place/other"
[[ $(type_of "$place/a.coffre") == application/x-coffre-vault ]] || fault "a vault has no type"
[[ $(type_of "$place/nameless") == application/x-coffre-vault ]] ||
  fault "a vault without its name is $(type_of "$place/nameless")"
[[ $(type_of "$place/other") == application/vnd.sqlite3 ]] ||
  fault "another database is $(type_of "$place/other")"

# ---- A machine that has nothing else

if [[ $install == --install ]]; then
  ((EUID == 0)) || fault "--install needs root"
  fresh=$place/fresh
  debootstrap --variant=minbase bookworm "$fresh" ${COFFRE_MIRROR:+"$COFFRE_MIRROR"} \
    >"$place/debootstrap.log" 2>&1 || {
    tail -n 20 "$place/debootstrap.log" >&2
    fault "debootstrap failed"
  }
  cp "$package" "$fresh/root/coffre.deb"
  inside() {
    env --ignore-environment PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb "$@"
  }
  inside DEBIAN_FRONTEND=noninteractive chroot "$fresh" sh -euc '
    apt-get update
    apt-get install --yes --no-install-recommends /root/coffre.deb' >"$place/install.log" 2>&1 || {
    tail -n 20 "$place/install.log" >&2
    fault "the package cannot be installed in a fresh Debian"
  }
  mount -t proc proc "$fresh/proc" # the translations are looked for beside the program
  inside chroot "$fresh" sh -euc '
    coffrectl --help >/dev/null
    export COFFRE_STATE_DIR=/root/state
    echo Une-parole-pour-essayer-2026 >/root/word
    coffrectl init /root/a.coffre --owner Claire --kdf-memory 64 --password-fd 3 3</root/word
    coffrectl --vault /root/a.coffre journal verify
    LANG=fr_FR.UTF-8 coffrectl --vault /root/a.coffre journal verify | grep "journal est"
    coffrectl --vault /root/a.coffre --user Claire --password-fd 3 list 3</root/word
    dpkg --purge coffre >/dev/null
    test ! -e /usr/bin/coffrectl'
fi

printf 'package.sh: %s: %s bytes, all as it should be\n' "$package" "$(stat -c %s "$package")"
