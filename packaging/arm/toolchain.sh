#!/bin/bash
# Unpacks Debian's Rust compiler and the ARM halves of its standard library into a folder:
#   packaging/arm/toolchain.sh FOLDER arm64|armhf...
# No root, no chroot, and nothing of this machine's dpkg changes. Then FOLDER/bin/rustc compiles for
# this machine and for the boards. Why this compiler: docs/adr/0028-arm-from-debian.md
set -euo pipefail

[ $# -ge 2 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
folder=$(realpath -m "$1")
shift
boards=("$@")
suite=trixie
host=$(dpkg --print-architecture)
[ "$host" = amd64 ] || { echo "The compiler is unpacked on amd64; on $host build with cargo as it is." >&2; exit 1; }
mirror=$("$(dirname "$0")/mirror.sh")
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# An apt of its own, with an empty dpkg database.
apt=$folder/apt
mkdir -p "$apt"/etc/{preferences.d,apt.conf.d} "$apt"/lists/partial "$apt"/cache/archives/partial "$folder/debs"
: >"$apt/status"
echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/etc/sources.list"
cat >"$apt/apt.conf" <<END
Dir::Etc "$apt/etc";
Dir::State "$apt";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
APT::Architecture "$host";
APT::Architectures { "$host"; $(printf '"%s"; ' "${boards[@]}") };
APT::Sandbox::User "";
APT::Install-Recommends "false";
Acquire::Languages "none";
END
export APT_CONFIG=$apt/apt.conf
echo "Debian's Rust compiler: looking it up"
apt-get -qq update || { echo "The package lists of $suite could not be read from this machine's mirror." >&2; exit 1; }

# What the compiler needs at run time, then the compiler and one standard library per machine.
mapfile -t packages < <(apt-get -qq -s install libstd-rust-web-dev libgcc-s1 zlib1g |
    awk '/^Inst/ && $2 !~ /:(arm64|armhf)$/ {print $2}' | sort -u)
packages+=(rustc-web)
for board in "${boards[@]}"; do packages+=("libstd-rust-web-dev:$board"); done
echo "Debian's Rust compiler: loading ${#packages[@]} packages"
cd "$folder/debs"
apt-get -qq download "${packages[@]}" ||
    { echo "The compiler's packages could not be loaded from this machine's mirror." >&2; exit 1; }
rm -rf "$folder/root"
mkdir "$folder/root"
for package in *.deb; do dpkg-deb -x "$package" "$folder/root"; done
rm -rf "$folder/debs" "$apt"

# It wants a newer C library than this machine may have: it is started by its own loader.
root=$folder/root
loader=$(find "$root" -name ld-linux-x86-64.so.2 | head -n 1)
mkdir -p "$folder/bin"
cat >"$folder/bin/rustc" <<END
#!/bin/sh
exec "$loader" --library-path "$root/usr/lib/x86_64-linux-gnu" --argv0 "$root/usr/bin/rustc" \\
    "$root/usr/bin/rustc" --sysroot "$root/usr" "\$@"
END
chmod +x "$folder/bin/rustc"
"$folder/bin/rustc" --version
