#!/bin/bash
# Compiles the box for a board with Debian's packages alone, and prints the binary's path last:
#   packaging/arm/build.sh arm64|armhf FOLDER [PROFILE]
# FOLDER keeps the compiler and what was built, for the next time. PROFILE is `release` or, quicker
# and larger, `arm-check`. Needs what `tests/install.sh arm64` (or armhf) installs.
set -euo pipefail

[ $# -ge 2 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
board=$1 folder=$(realpath -m "$2") profile=${3:-release}
here=$(cd "$(dirname "$0")" && pwd)
case $board in
arm64) target=aarch64-unknown-linux-gnu gnu=aarch64-linux-gnu ;;
armhf) target=armv7-unknown-linux-gnueabihf gnu=arm-linux-gnueabihf ;;
*) echo "There are arm64 and armhf, but no $board." >&2; exit 2 ;;
esac
# What a box takes over the air and keeps twice must stay small.
most=$((15 * 1000 * 1000))

toolchain=$("$here/toolchain.sh" "$folder" "$board")
name=$(tr a-z- A-Z_ <<<"$target")
export RUSTC="$toolchain/bin/rustc"
export "CARGO_TARGET_${name}_LINKER=$gnu-gcc"
export "CC_${target//-/_}=$gnu-gcc" "AR_${target//-/_}=$gnu-ar"
# No panic passes through C: it needs no tables for that.
export "CFLAGS_${target//-/_}=-fno-asynchronous-unwind-tables -fno-unwind-tables"
# A wrapper or flags of this machine are for this machine's compiler.
unset RUSTC_WRAPPER RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
# LLVM's linker keeps one of functions that came out alike, and packs the list of addresses that
# the loader mends, which takes Debian 12's C library or a newer one.
linker=-Clink-arg=
export "CARGO_TARGET_${name}_RUSTFLAGS=${linker}-fuse-ld=lld ${linker}-B/usr/lib/llvm-19/bin ${linker}-Wl,--icf=all ${linker}-Wl,-z,pack-relative-relocs"
cd "$here/../.."
cargo build --locked --profile "$profile" --bin qres --target "$target" --target-dir "$folder/build" >&2
binary=$folder/build/$target/$profile/qres
# Debian's compiler leaves that to others, whatever the profile says.
[ "$profile" != release ] || "$gnu-strip" "$binary"
size=$(stat -c %s "$binary")
echo "$board, $profile: $((size / 1000)) kB" >&2
if [ "$profile" = release ] && [ "$size" -gt $most ]; then
    echo "Warning: that is more than the $((most / 1000)) kB that a board's program should have." >&2
fi
echo "$binary"
