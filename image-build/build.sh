#!/bin/bash
# Makes the card's image from Debian's packages and the box's program, without loop mounts:
#   image-build/build.sh BINARY FOLDER       qres-VERSION-arm64.img and .img.gz, SHA256SUMS, the list of packages
#   image-build/build.sh --packages FOLDER   the newest packages: writes packages.lock anew
# FOLDER keeps Debian as it was set up (base-…), so that only the first time takes long. Needs root,
# and what `tests/install.sh image` installs. QRES_IMAGE_KERNEL=backports takes the newer kernel.
set -euo pipefail

[ $# = 2 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
project=$(dirname "$here")
folder=$(realpath -m "$2")
[ "$(id -u)" = 0 ] || { echo "The image's files belong to root: run this as root (sudo make image)." >&2; exit 1; }
PATH=$PATH:/usr/sbin:/sbin
lock=$here/packages.lock
kernel=${QRES_IMAGE_KERNEL:-stable}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$project/Cargo.toml" | head -n 1)
umask 022
mkdir -p "$folder"

# What stands in the layout: MiB, and identifiers that do not change.
boot_mib=384 root_mib=1280 data_mib=128
disk_id=51524553 root_uuid=0f1e2d3c-0000-4000-8000-00000000000a data_uuid=0f1e2d3c-0000-4000-8000-00000000000d

# Every file of the image is as old as the list of packages: the same list, the same bytes.
when() { sed -n '1s/^# snapshot \(.*\)$/\1/p' "$lock"; }
set_epoch() { SOURCE_DATE_EPOCH=$(date -u -d "$(when | sed -E 's/(....)(..)(..)T(..)(..)(..)Z/\1-\2-\3 \4:\5:\6/')" +%s); }
export SOURCE_DATE_EPOCH

step=0 steps=6 began=$SECONDS
next() {
    step=$((step + 1))
    printf '[%d/%d] %s\n' "$step" "$steps" "$1"
}
# Waits for a process; says every few seconds how far its log has come.
watch() { # PID LOG
    local all set_up said='' line
    all=$(grep -vc '^#' "$lock" || true)
    while kill -0 "$1" 2>/dev/null; do
        set_up=$(grep -c '^Setting up' "$2" 2>/dev/null || true)
        line=$(printf '      %s, %d:%02d' "${set_up:-0}${all:+ of about $((all + 1))} packages set up" $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60)))
        if [ -t 1 ]; then printf '\r%s ' "$line"; elif [ "$set_up" != "$said" ]; then echo "$line"; fi
        said=$set_up
        sleep 5
    done
    [ ! -t 1 ] || echo
    wait "$1"
}

versions_of() { # TREE
    dpkg-query --admindir "$1/var/lib/dpkg" -W -f '${Package} ${Version}\n' | LC_ALL=C sort
}

# The folder of Debian as these files make it.
base() {
    local key
    key=$({ echo "$kernel"; cat "$lock" "$here/packages.txt" "$here/base.sh" "$here"/root/etc/dpkg/dpkg.cfg.d/* \
        "$here"/root/etc/overlayroot.local.conf "$here"/root/etc/initramfs-tools/*/* "$here"/root/etc/{kernel,initramfs}/*/*; } | sha256sum | cut -c 1-16)
    echo "$folder/base-$key"
}

make_base() {
    local tree log=$folder/debian.log
    tree=$(base)
    next "Debian's packages for the boards"
    if [ -e "$tree/etc/debian_version" ]; then
        echo "      as they were set up before"
        return
    fi
    rm -rf "$folder"/base-* "$folder/new"
    : >"$log"
    "$here/base.sh" "$folder/new" "$log" &
    watch $! "$log"
    mv "$folder/new" "$tree"
}

if [ "$1" = --packages ]; then
    steps=1
    stamp=$(date -u +%Y%m%dT%H%M%SZ)
    cp "$lock" "$folder/packages.before"
    printf '# snapshot %s\n' "$stamp" >"$lock"
    set_epoch
    make_base || { cp "$folder/packages.before" "$lock"; exit 1; }
    tree=$(base)
    printf '# snapshot %s\n# What is on the card, and in which version; written by: make image-packages\n' "$stamp" >"$lock"
    versions_of "$tree" >>"$lock"
    mv "$tree" "$(base)"
    echo "packages.lock names $(grep -vc '^#' "$lock") packages."
    diff "$folder/packages.before" "$lock" | sed -n 's/^[<>] /&/p' | head -n 40 || true
    exit
fi

binary=$(realpath "$1")
set_epoch
name=qres-$version-arm64
image=$folder/$name.img
work=$folder/work
rm -rf "$work"
mkdir -p "$work"
make_base
versions_of "$(base)" >"$folder/$name.packages"
changed=$(diff <(grep -v '^#' "$lock") "$folder/$name.packages" | grep -c '^>' || true)
if [ "$kernel" = stable ] && [ "$changed" != 0 ]; then
    echo "      $changed packages are no longer on the mirror as packages.lock names them; newer ones are in"
    echo "      this image. $name.packages says which. DEBIAN_MIRROR may name a mirror that keeps old ones."
fi

next "The box and its settings"
root=$work/root
cp -a "$(base)" "$root"
tar -C "$here/root" --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --exclude=__pycache__ -cf - . | tar -C "$root" -xf - --no-same-owner
package=$(QRES_DEB_PACKING=-Zgzip "$project/packaging/deb.sh" "$binary" arm64 "$work")
cp "$package" "$root/tmp/qres.deb"
chroot "$root" dpkg -i /tmp/qres.deb >"$folder/deb.log" 2>&1 || { tail "$folder/deb.log" >&2; exit 1; }
units="qres-card-grow.service qres-card-settings.service qres-card-network.service qres-card-portal.service"
units+=" qres-card-console.service qres-card-check.service qres-card-update.timer"
units+=" nftables.service NetworkManager.service systemd-timesyncd.service ssh.service"
# shellcheck disable=SC2086 # a list of units
systemctl --root="$root" --quiet enable $units
systemctl --root="$root" --quiet mask systemd-firstboot.service systemd-remount-fs.service \
    NetworkManager-wait-online.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
    e2scrub_reap.service getty@tty1.service ssh.socket 2>/dev/null
mkdir -p "$root/data" "$root/boot/firmware"
chroot "$root" passwd --quiet --lock root
: >"$root/etc/machine-id"
echo qres >"$root/etc/hostname"
# What was said and cached while it was put together, and what is each box's own.
rm -rf "$root"/tmp/* "$root"/boot/firmware/* "$root"/var/log/* "$root"/var/lib/apt/lists/* "$root"/var/cache/{apt,ldconfig,debconf}/* \
    "$root"/etc/ssh/ssh_host_* "$root"/var/lib/dbus/machine-id "$root"/etc/{passwd,group,shadow,gshadow,subuid,subgid}- \
    "$root"/var/lib/systemd/{random-seed,credential.secret} "$root"/root/.[a-z]* "$root"/etc/.pwd.lock "$root/etc/resolv.conf"
mkdir -p "$root"/var/log/journal "$root"/var/lib/systemd/timesync
as_old() { find "$1" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +; }

next "The boot partition"
boot=$work/boot
mkdir -p "$boot"
cp "$here"/boot/* "$root"/usr/lib/raspi-firmware/{bootcode.bin,start.elf,start4.elf,fixup.dat,fixup4.dat} "$boot/"
"$here/root/usr/lib/qres-card/boot-files" a "$root" "$boot" $root_uuid
as_old "$boot"
mkfs.vfat -C "$work/boot.fs" -F 32 -n QRESBOOT -i $disk_id --invariant $((boot_mib * 1024)) >/dev/null
(cd "$boot" && find . -mindepth 1 -maxdepth 1 | LC_ALL=C sort | xargs mcopy -s -m -i "$work/boot.fs" ::/ 2>/dev/null) ||
    (cd "$boot" && for entry in *; do mcopy -s -m -i "$work/boot.fs" "$entry" ::/; done)

# An ext4 file system of a folder whose bytes follow from the folder alone.
ext4() { # FOLDER FILE MIB LABEL UUID
    as_old "$1"
    truncate -s "$3M" "$2"
    E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mke2fs -q -F -t ext4 -L "$4" -U "$5" -m 1 \
        -E "hash_seed=$5,lazy_itable_init=0,lazy_journal_init=0" -d "$1" "$2"
    # Times that no folder can be given from outside.
    (cd "$1" && find . -printf '/%P\n') | awk -v at="@$SOURCE_DATE_EPOCH" \
        '{ for (i = 1; i <= 3; i++) print "set_inode_field \"" $0 "\" " (i == 1 ? "ctime" : i == 2 ? "atime" : "crtime") " " at }' |
        E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH debugfs -w -f - "$2" >/dev/null 2>&1
}

next "The root"
ext4 "$root" "$work/root.fs" $root_mib qres-root-a $root_uuid

next "The data partition"
data=$work/data
owner=$(awk -F: '$1 == "qres" {print $3 ":" $4}' "$root/etc/passwd")
group=${owner#*:}
mkdir -p "$data"/{qres,etc,system/{journal,timesync,ssh}}
chown "$owner" "$data/qres"
chmod 700 "$data/qres" "$data/system/ssh"
cp -a "$root/etc/qres/." "$data/etc/"
chown "0:$group" "$data/etc"
chmod 750 "$data/etc"
ext4 "$data" "$work/data.fs" $data_mib qres-data $data_uuid

next "Putting it together"
start=4
rm -f "$image" "$image.gz"
truncate -s $((start + boot_mib + root_mib + data_mib))M "$image"
sfdisk --quiet "$image" <<END
label: dos
label-id: 0x$disk_id
start=$((start * 2048)), size=$((boot_mib * 2048)), type=c, bootable
start=$(((start + boot_mib) * 2048)), size=$((root_mib * 2048)), type=83
start=$(((start + boot_mib + root_mib) * 2048)), size=$((data_mib * 2048)), type=83
END
at=$start
for part in boot root data; do
    dd if="$work/$part.fs" of="$image" bs=1M seek=$at conv=notrunc,sparse status=none
    at=$((at + $(stat -c %s "$work/$part.fs") / 1048576))
done
gzip -n -6 <"$image" >"$image.gz"
(cd "$folder" && sha256sum "$name.img" "$name.img.gz" | tee SHA256SUMS)
rm -rf "$work"
echo "$image.gz: $(($(stat -c %s "$image.gz") / 1048576)) MiB, on the card $(($(stat -c %s "$image") / 1048576)) MiB, in $(((SECONDS - began) / 60)) min $(((SECONDS - began) % 60)) s"
