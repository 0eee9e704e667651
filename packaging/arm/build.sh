#!/bin/bash
# Compiles the box for a board with Debian's packages alone, and prints the binary's path last:
#   packaging/arm/build.sh arm64|armhf FOLDER [PROFILE]
# FOLDER keeps the compiler and what was built, for the next time. PROFILE is `release` or, quicker
# and larger, `arm-check`. Needs what `tests/install.sh arm` installs.
set -euo pipefail

[ $# -ge 2 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
board=$1 folder=$(realpath -m "$2") profile=${3:-release}
here=$(cd "$(dirname "$0")" && pwd)
case $board in
arm64) target=aarch64-unknown-linux-gnu gnu=aarch64-linux-gnu ;;
armhf) target=armv7-unknown-linux-gnueabihf gnu=arm-linux-gnueabihf ;;
*) echo "There are arm64 and armhf, but no $board." >&2; exit 2 ;;
esac

# A changed script brings another compiler; an unchanged one is not loaded again.
toolchain=$folder/rust-$board-$(sha256sum "$here/toolchain.sh" | cut -c 1-12)
if [ ! -x "$toolchain/bin/rustc" ]; then
    rm -rf "$folder"/rust-"$board"-* "$folder/loading-$board"
    "$here/toolchain.sh" "$folder/loading-$board" "$board" >&2
    # Its loader is named by its path.
    sed -i "s|$folder/loading-$board|$toolchain|g" "$folder/loading-$board/bin/rustc"
    mv "$folder/loading-$board" "$toolchain"
fi

name=$(tr a-z- A-Z_ <<<"$target")
export RUSTC="$toolchain/bin/rustc"
export "CARGO_TARGET_${name}_LINKER=$gnu-gcc"
export "CC_${target//-/_}=$gnu-gcc" "AR_${target//-/_}=$gnu-ar"
# A wrapper or flags of this machine are for this machine's compiler.
unset RUSTC_WRAPPER RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
cd "$here/../.."
cargo build --locked --profile "$profile" --target "$target" --target-dir "$folder/build" >&2
echo "$folder/build/$target/$profile/qres"
