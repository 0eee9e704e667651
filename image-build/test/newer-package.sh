#!/bin/bash
# Runs on the board: a repository with one newer package, where Debian's mirror would be.
set -euo pipefail
work=/data/system/repository
rm -rf "$work"
mkdir -p "$work/tree/DEBIAN"
version="$(dpkg-query -W -f '${Version}' tzdata)+newer"
dpkg-query -L tzdata | while read -r path; do [ -d "$path" ] || echo "$path"; done | tar -C / -cf - -T - 2>/dev/null | tar -C "$work/tree" -xf - || true
printf 'Package: tzdata\nVersion: %s\nArchitecture: all\nMaintainer: test <test@localhost>\nProvides: tzdata-trixie\nDescription: newer\n' "$version" >"$work/tree/DEBIAN/control"
dpkg-deb -Znone --build "$work/tree" "$work/tzdata.deb" >/dev/null
rm -rf "$work/tree"
cd "$work"
{
    dpkg-deb -f tzdata.deb
    echo "Filename: ./tzdata.deb"
    echo "Size: $(stat -c %s tzdata.deb)"
    echo "SHA256: $(sha256sum tzdata.deb | cut -d' ' -f1)"
} >Packages
echo "deb [trusted=yes] http://127.0.0.1:9090 ./" >/etc/apt/sources.list
rm -f /etc/apt/sources.list.d/*
systemd-run --quiet --unit card-test-mirror python3 -m http.server --directory "$work" --bind 127.0.0.1 9090
