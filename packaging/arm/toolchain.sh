#!/bin/bash
# Has Debian's Rust compiler for a board, and prints the folder in which it is:
#   packaging/arm/toolchain.sh FOLDER arm64|armhf
# The compiler and both halves of its standard library are unpacked below FOLDER, once. No root, no
# chroot, and nothing of this machine's dpkg changes. Why: docs/adr/0028-arm-from-debian.md
set -euo pipefail

[ $# = 2 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
board=$2
here=$(cd "$(dirname "$0")" && pwd)
# A changed script brings another compiler; an unchanged one is not loaded again.
mkdir -p "$1"
parent=$(realpath "$1")
folder=$parent/rust-$board-$(sha256sum "$here/toolchain.sh" | cut -c 1-12)
if [ -x "$folder/bin/rustc" ]; then
    echo "$folder"
    exit
fi
suite=trixie
host=$(dpkg --print-architecture)
[ "$host" = amd64 ] || { echo "The compiler is unpacked on amd64; on $host build with cargo as it is." >&2; exit 1; }
mirror=$("$here/mirror.sh")
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
rm -rf "$parent"/rust-"$board"-*

# An apt of its own, with an empty dpkg database.
apt=$folder/apt
mkdir -p "$apt"/etc/{preferences.d,apt.conf.d} "$apt"/lists/partial "$apt"/cache/archives/partial "$folder"/{debs,bin}
: >"$apt/status"
echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/etc/sources.list"
cat >"$apt/apt.conf" <<END
Dir::Etc "$apt/etc";
Dir::State "$apt";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
APT::Architecture "$host";
APT::Architectures { "$host"; "$board"; };
APT::Sandbox::User "";
APT::Install-Recommends "false";
Acquire::Languages "none";
Acquire::Retries "3";
END
export APT_CONFIG=$apt/apt.conf
echo "Debian's Rust compiler for $board: looking it up" >&2
apt-get -qq update >&2 ||
    { echo "The package lists of $suite for $board could not be read from this machine's mirror; nothing was built. Try again later." >&2; exit 1; }

# What the compiler needs at run time, then the compiler and the two standard libraries.
mapfile -t packages < <(apt-get -qq -s install libstd-rust-web-dev libgcc-s1 zlib1g |
    awk -v board=":$board\$" '/^Inst/ && $2 !~ board {print $2}' | sort -u)
packages+=(rustc-web "libstd-rust-web-dev:$board")
echo "Debian's Rust compiler for $board: loading ${#packages[@]} packages" >&2
(cd "$folder/debs" && apt-get -qq download "${packages[@]}" >&2) ||
    { echo "The compiler's packages could not be loaded from this machine's mirror; nothing was built. Try again later." >&2; exit 1; }
for package in "$folder"/debs/*.deb; do dpkg-deb -x "$package" "$folder/root"; done
rm -rf "$folder/debs" "$apt"

# It wants a newer C library than this machine may have: it is started by its own loader.
root=$folder/root
loader=$(find "$root" -name ld-linux-x86-64.so.2 | head -n 1)
cat >"$folder/rustc.new" <<END
#!/bin/sh
exec "$loader" --library-path "$root/usr/lib/x86_64-linux-gnu" --argv0 "$root/usr/bin/rustc" \\
    "$root/usr/bin/rustc" --sysroot "$root/usr" "\$@"
END
chmod +x "$folder/rustc.new"
"$folder/rustc.new" --version >&2
# Whole, and only then there.
mv "$folder/rustc.new" "$folder/bin/rustc"
echo "$folder"
