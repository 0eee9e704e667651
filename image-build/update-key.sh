#!/bin/sh
# Makes the publisher's key, once:
#   image-build/update-key.sh PRIVATE_KEY_FILE
# The private key stays with the publisher, outside of this folder. The public half goes to
# image-build/update.pub, from which `make release` builds it in. Needs openssl 3.
set -eu

[ $# = 1 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
[ ! -e "$1" ] || { echo "$1 is there already. A new key makes every box refuse the old one's updates." >&2; exit 1; }
here=$(cd "$(dirname "$0")" && pwd)
public=${QRES_UPDATE_PUB:-$here/update.pub}
(umask 077 && openssl genpkey -algorithm ed25519 -out "$1")
# The last 32 bytes of the DER form are the key itself.
openssl pkey -in "$1" -pubout -outform DER | tail -c 32 | openssl base64 -A >"$public"
echo "The public key is in $public. Keep $1 safe: whoever has it can put programs on every box."
