#!/bin/bash
# Debian for the boards, in a folder; what build.sh stands on, and its slow half:
#   image-build/base.sh FOLDER LOG
# Everything comes from this machine's own mirror, in the versions of packages.lock where the
# mirror still has them. Needs root: packages of another processor are set up under an emulator.
set -euo pipefail

[ $# = 2 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
folder=$(realpath -m "$1") log=$(realpath -m "$2")
here=$(cd "$(dirname "$0")" && pwd)
mirror=$("$here/../packaging/arm/mirror.sh")
security=$("$here/../packaging/arm/mirror.sh" security)
suite=trixie
kernel=${QRES_IMAGE_KERNEL:-stable}
export SOURCE_DATE_EPOCH
: "${SOURCE_DATE_EPOCH:?build.sh sets it}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
{
    for line in "$mirror $suite" "$mirror $suite-updates" "$security $suite-security"; do
        echo "deb [signed-by=$keyring] $line main non-free-firmware"
    done
    [ "$kernel" = stable ] || echo "deb [signed-by=$keyring] $mirror $suite-backports main non-free-firmware"
} >"$work/sources.list"

# The listed versions go before newer ones; one that is gone from the mirror is taken as it is there.
awk '$1 !~ /^#/ && NF == 2 {printf "Package: %s\nPin: version %s\nPin-Priority: 1001\n\n", $1, $2}' \
    "$here/packages.lock" >"$work/qres-lock"
if [ "$kernel" != stable ]; then
    printf 'Package: linux-image-arm64 linux-image-*-arm64 raspi-firmware firmware-brcm80211\nPin: release a=%s-backports\nPin-Priority: 1002\n\n' \
        "$suite" >>"$work/qres-lock"
fi

# Foreign programs run by themselves once the kernel knows their emulator.
formats=/proc/sys/fs/binfmt_misc
[ -e $formats/register ] || mount -t binfmt_misc binfmt_misc $formats
if [ ! -e $formats/qemu-aarch64 ]; then
    # Bytes of an ELF header for this processor, and which of them count.
    printf '%s' ':qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64-static:OPF' \
        >$formats/register
fi

packages=$(sed -e 's/#.*//' "$here/packages.txt" | xargs | tr ' ' ,)
rm -rf "$folder"
# The initrd is made once, last: the kernel's package would make it as soon as it is set up.
export INITRD=No
mmdebstrap --verbose --mode=root --architectures=arm64 --variant=apt --format=directory --skip=check/qemu \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
    --aptopt='Acquire::Retries "3"' \
    --dpkgopt="$here/root/etc/dpkg/dpkg.cfg.d/qres-card" \
    --setup-hook="mkdir -p \"\$1/etc/apt/preferences.d\" && cp '$work/qres-lock' \"\$1/etc/apt/preferences.d/qres-lock\"" \
    --essential-hook="cp -a --no-preserve=timestamps '$here/root/etc/initramfs-tools' '$here/root/etc/initramfs' '$here/root/etc/kernel' \"\$1/etc/\" && cp '$here/root/etc/overlayroot.local.conf' \"\$1/etc/\"" \
    --essential-hook='mkdir -p "$1/boot/firmware"' \
    --include="$packages" \
    --customize-hook='rm "$1/etc/apt/preferences.d/qres-lock"' \
    --customize-hook='unset INITRD; chroot "$1" update-initramfs -c -k all' \
    "$suite" "$folder" "$work/sources.list" >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    echo "Debian could not be put together; the whole log is in $log." >&2
    exit 1
}
