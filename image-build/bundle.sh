#!/bin/sh
# Makes a signed bundle for `qres update`:
#   image-build/bundle.sh BINARY VERSION ARCHITECTURE PRIVATE_KEY_FILE FILE
# ARCHITECTURE is x86_64, aarch64 or arm. Needs openssl 3.
set -eu

[ $# = 5 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
binary=$1 version=$2 architecture=$3 key=$4 file=$5
case $version in
*[!0-9.]* | "") echo "A version is three numbers, such as 1.2.3." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$binary" "$folder/qres"
sum=$(sha256sum "$folder/qres" | cut -d' ' -f1)
printf '{"format": 1, "version": "%s", "architecture": "%s", "sha256": "%s"}\n' \
    "$version" "$architecture" "$sum" >"$folder/bundle.json"
openssl pkeyutl -sign -rawin -inkey "$key" -in "$folder/bundle.json" -out "$folder/bundle.sig"
tar -C "$folder" --owner=0 --group=0 --sort=name -cf - bundle.json bundle.sig qres |
    gzip -n"${QRES_BUNDLE_LEVEL:-9}" >"$folder/packed"
# A box looks at this signature before it unpacks anything.
printf 'qres bundle %s\n' "$(sha256sum "$folder/packed" | cut -d' ' -f1)" >"$folder/whole"
openssl pkeyutl -sign -rawin -inkey "$key" -in "$folder/whole" -out "$folder/whole.sig"
{ cat "$folder/packed" && printf QRESSIG1 && cat "$folder/whole.sig"; } >"$file"
