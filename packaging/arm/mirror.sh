#!/bin/sh
# Prints where this machine takes Debian's packages from, so that no script names a host. Another
# one: DEBIAN_MIRROR. With the argument `security` the archive of security updates.
set -eu

label=Debian
[ "${1:-}" != security ] || label=Debian-Security
if [ "$label" = Debian ] && [ -n "${DEBIAN_MIRROR:-}" ]; then
    echo "${DEBIAN_MIRROR%/}"
    exit
fi
uri=$(apt-get indextargets --format '$(REPO_URI)' "Label: $label" "Created-By: Packages" | head -n 1)
[ -n "$uri" ] || {
    echo "apt knows no $label archive here: run apt-get update, or set DEBIAN_MIRROR." >&2
    exit 1
}
echo "${uri%/}"
