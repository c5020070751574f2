#!/usr/bin/env bash
# Packs an archive: scripts/pack.sh PROGRAM NAME THIRD_PARTY_LICENSES
#
# Makes NAME.tar.gz, or NAME.zip of an .exe, with all that belongs to the program.
set -euo pipefail

program=$1 name=$2 licences=$3

rm -rf "$name"
mkdir -p "$name/completions" "$name/man"
cp README.md CHANGELOG.md SECURITY.md LICENSE "$licences" "$program" "$name/"
cp -R deploy "$name/"
for shell in bash elvish fish powershell zsh; do
    "$program" completions "$shell" >"$name/completions/idc.$shell"
done
"$program" man >"$name/man/idc.1"
# The page lists the commands, each by the name of its own page.
sed -n 's/^idc\\-\(.*\)(1)$/\1/p' "$name/man/idc.1" | while read -r command; do
    "$program" man "$command" >"$name/man/idc-$command.1"
done
case $program in
*.exe) 7z a "$name.zip" "$name" ;;
*) tar -czf "$name.tar.gz" "$name" ;;
esac
