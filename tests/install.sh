#!/bin/sh
# Installs the Debian packages that building (`build`), testing (`test`), a board's program (`arm64`,
# `armhf`) or the card (`image`) needs and this machine lacks, where it may: as root, or with a sudo
# that asks nothing. Otherwise it says what to install.
set -eu

what=${1:-build}

packages=""
lacks() { packages="$packages $*"; }
has() { command -v "$1" >/dev/null 2>&1; }

has cc || lacks gcc libc6-dev
has npm || lacks nodejs npm
case $what in
arm64 | image)
    has aarch64-linux-gnu-gcc || lacks gcc-aarch64-linux-gnu
    [ -e /usr/aarch64-linux-gnu/include/stdio.h ] || lacks libc6-dev-arm64-cross
    has qemu-aarch64-static || lacks qemu-user-static
    has dpkg-deb || lacks dpkg
    ;;
armhf)
    has arm-linux-gnueabihf-gcc || lacks gcc-arm-linux-gnueabihf
    [ -e /usr/arm-linux-gnueabihf/include/stdio.h ] || lacks libc6-dev-armhf-cross
    has qemu-arm-static || lacks qemu-user-static
    ;;
esac
case $what in arm64 | armhf | image)
    [ -e /usr/lib/llvm-19/bin/ld.lld ] || lacks lld-19
    [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || lacks debian-archive-keyring
    ;;
esac
if [ "$what" = image ]; then
    PATH=$PATH:/usr/sbin:/sbin
    has mmdebstrap || lacks mmdebstrap
    has arch-test || lacks arch-test
    has mcopy || lacks mtools
    has mkfs.vfat || lacks dosfstools
    has sfdisk || lacks fdisk
    has mke2fs || lacks e2fsprogs
    has zstd || lacks zstd
    has python3 || lacks python3
    has qemu-system-aarch64 || lacks qemu-system-arm
    has ssh || lacks openssh-client
    has zbarimg || lacks zbar-tools
fi
if [ "$what" = test ]; then
    has python3 || lacks python3
    has nft || [ -x /usr/sbin/nft ] || lacks nftables
    has shellcheck || lacks shellcheck
    has chromium || lacks chromium
    [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || lacks fonts-dejavu-core
    has mount || lacks mount
    ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || lacks postgresql
    has ip || lacks iproute2
    has curl || lacks curl
    python3 -c 'import ensurepip' 2>/dev/null || lacks python3-venv
    has systemd-analyze || lacks systemd
    has dpkg-deb || lacks dpkg
    has openssl || lacks openssl
    has avahi-browse && has avahi-daemon && has dbus-daemon || lacks avahi-daemon avahi-utils dbus
fi

if [ -n "$packages" ]; then
    if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root=no; fi
    if [ "$as_root" = no ] || ! has apt-get; then
        echo "Please install first:$packages (on Debian: sudo apt-get install$packages)" >&2
        exit 1
    fi
    echo "Installing:$packages"
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of packages
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi

if ! has cargo; then
    echo "Please install Rust 1.95 or newer first (https://rustup.rs)." >&2
    exit 1
fi
if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
    echo "Please install Node.js 20.19 or newer first; this one is $(node --version)." >&2
    exit 1
fi
