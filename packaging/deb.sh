#!/bin/sh
# Makes a Debian package of a built binary, for any architecture:
#   packaging/deb.sh BINARY ARCHITECTURE FOLDER      (amd64, arm64, armhf)
# Prints the path of the package. Needs dpkg-deb and readelf; no root.
set -eu

[ $# = 3 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
binary=$1 architecture=$2 folder=$3
case $architecture in
amd64) machine=3e ;;
arm64) machine=b7 ;;
armhf) machine=28 ;;
*) echo "There is no package for $architecture, only for amd64, arm64 and armhf." >&2; exit 2 ;;
esac
# The machine in the ELF header: a package with the binary of another board would not start.
found=$(od -An -tx1 -j18 -N1 "$binary" | tr -d ' ')
[ "$found" = "$machine" ] || { echo "$binary is not for $architecture (ELF machine $found)." >&2; exit 1; }
# What the binary itself asks for: the package must not install where it does not start.
libraries=$(LC_ALL=C readelf -d "$binary" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
for library in $libraries; do
    case $library in
    libc.so.6 | libm.so.6 | libdl.so.2 | libpthread.so.0 | librt.so.1 | ld-linux*) ;;
    libgcc_s.so.1) ;;
    *) echo "$binary needs $library, and no package is known for it." >&2; exit 1 ;;
    esac
done
# Packed relocations are known by a name of their own; 2.36 brought them.
glibc=$(LC_ALL=C readelf -V "$binary" | sed 's/GLIBC_ABI_DT_RELR/GLIBC_2.36/' | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -1)
glibc=${glibc#GLIBC_}

here=$(cd "$(dirname "$0")" && pwd)
project=$(dirname "$here")
version=${QRES_DEB_VERSION:-$(sed -n 's/^version = "\(.*\)"/\1/p' "$project/Cargo.toml" | head -1)}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
umask 022
chmod 755 "$root"

install -D -m 755 "$binary" "$root/usr/bin/qres"
for unit in "$project"/systemd/*.service "$project"/systemd/*.socket "$project"/systemd/*.timer; do
    install -D -m 644 "$unit" "$root/lib/systemd/system/$(basename "$unit")"
done
install -D -m 644 "$project/systemd/qres.sysusers" "$root/usr/lib/sysusers.d/qres.conf"
install -D -m 644 "$project/systemd/99-qres-stick.rules" "$root/lib/udev/rules.d/99-qres-stick.rules"
install -D -m 644 "$here/qres.toml" "$root/etc/qres/qres.toml"
for document in README.md CHANGELOG.md docs/OPERATIONS.md docs/OPERATIONS.ru.md docs/NAMES.md; do
    install -D -m 644 "$project/$document" "$root/usr/share/doc/qres/$(basename "$document")"
done
gzip -9n "$root/usr/share/doc/qres/CHANGELOG.md"
install -m 644 "$project/LICENSE" "$root/usr/share/doc/qres/copyright"

install -d "$root/DEBIAN"
for script in postinst prerm postrm; do
    install -m 755 "$here/$script" "$root/DEBIAN/$script"
done
echo /etc/qres/qres.toml >"$root/DEBIAN/conffiles"
size=$(du -sk --exclude=DEBIAN "$root" | cut -f1)
cat >"$root/DEBIAN/control" <<EOF
Package: qres
Version: $version
Architecture: $architecture
Maintainer: QRes <qres@localhost>
Installed-Size: $size
Depends: libc6 (>= ${glibc:-2.34}), libgcc-s1, systemd (>= 247), init-system-helpers (>= 1.54)
Section: misc
Priority: optional
Description: restaurant software that runs a whole restaurant from one small box
 Guests order from their phones, waiters from a tablet, the kitchen cooks from a
 wall screen. One program on one data folder; no internet is needed.
EOF
mkdir -p "$folder"
package="$folder/qres_${version}_$architecture.deb"
dpkg-deb --root-owner-group ${QRES_DEB_PACKING:--Zxz} --build "$root" "$package" >/dev/null
echo "$package"
