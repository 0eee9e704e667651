#!/bin/bash
# Sends the real binary whatever its own API document allows, and much that it does not, with an
# admin's token. Fails on a 5xx, and on a reply that the document does not describe.
#
#   run.sh QRES SCHEMATHESIS EXAMPLES    so many random requests for each operation, beside those that
#                                        follow from the document; `short` for as many as fit in 40 s
set -euo pipefail

qres=$1 schemathesis=$2 examples=$3
case $examples in
    short) effort=(--phases fuzzing --max-examples 8) ;;
    *) effort=(--phases coverage,fuzzing --max-examples "$examples") ;;
esac
folder=$(mktemp -d)
trap '[ -z "${box:-}" ] || { kill "$box"; wait "$box" || true; }; rm -rf "$folder"' EXIT

# One that the system lends nobody; who finds it taken ends at once, and says so.
port=$((12000 + RANDOM % 20000))
url=http://127.0.0.1:$port

# Deaf to the settings of whoever runs it.
in_box() {
    exec env -i PATH="$PATH" HOME="$folder" QRES_MDNS=false QRES_TLS_LISTEN=off \
        RATE_LIMIT_REQUESTS=0 LOG_LEVEL=warn "$qres" "$@"
}
ask() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

in_box demo --data-dir "$folder/data" --listen "127.0.0.1:$port" >"$folder/log" 2>&1 &
box=$!
for _ in $(seq 200); do
    curl -fs "$url/health" >/dev/null && break
    sleep 0.05
done

token=$(curl -fs "$url/auth/login" -H 'content-type: application/json' \
    -d '{"username": "admin", "password": "admin"}' | ask access_token)

# What ends a sign-in comes last: signing out, and a signing key that is changed more than once.
checks=not_a_server_error,status_code_conformance,content_type_conformance
checks+=,response_headers_conformance,response_schema_conformance
fuzz() {
    (cd "$folder" && PYTHONDONTWRITEBYTECODE=1 "$schemathesis" run "$url/openapi.json" --checks "$checks" \
        --header "Authorization: Bearer $token" \
        --generation-deterministic "${effort[@]}" --continue-on-failure --workers 1 \
        --request-timeout 20 --warnings off --suppress-health-check all --no-color "$@")
}
failed=0
fuzz --exclude-path-regex '^/auth/(logout|keys)$' || failed=1
if ! curl -fs "$url/auth/me" -H "Authorization: Bearer $token" >/dev/null; then
    echo "The token did not last: not everything was tried as an admin." >&2
    failed=1
fi
fuzz --include-path-regex '^/auth/(logout|keys)$' || failed=1

kill -0 "$box" || { echo "The box has ended." >&2; failed=1; }
grep -E "panicked|failed inside" "$folder/log" >&2 && failed=1
[ "$failed" = 0 ] || { tail -20 "$folder/log" >&2; exit 1; }
