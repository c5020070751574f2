#!/usr/bin/env bash
# Tries a program that is to be released: scripts/try_release.sh PROGRAM TARGET
#
# What the README says of the archives is looked at here: that it answers, that it needs no library where it is static,
# and that it holds no path of the machine that built it.
set -euo pipefail

program=$1 target=$2
cd "$(dirname "$0")/.."

fail() {
    echo "$program: $*" >&2
    exit 1
}

"$program" --version
status=0
"$program" why --replay fixtures/customer-managed-policy-missing.json || status=$?
[ "$status" -eq 10 ] || fail "exit code $status, not 10"

# What it asks a loader for is in its program headers; ldd's exit code differs between systems.
case $target in
*-musl)
    headers=$(readelf --file-header --program-headers --wide "$program")
    ! grep -qw INTERP <<<"$headers" || fail "is not static"
    # rustc links no static program for arm64 that can be loaded anywhere: the README says so.
    case $target in
    x86_64-*) grep -qE 'Type: +DYN' <<<"$headers" || fail "is not position independent" ;;
    esac
    ;;
esac

for path in "${USERPROFILE:-$HOME}" "$PWD"; do
    ! grep -qaF -- "$path" "$program" || fail "holds the path $path"
done
