#!/usr/bin/env bash
# Brings programs and fonts into target/programs that this machine does not have, from packages of Debian, with
# what the packages depend on. They are unpacked and not installed: nothing outside target/ is written, no script
# of a package runs, no service starts, and no rights are needed. A run that is killed leaves a folder
# target/programs.* and nothing else; the next run removes it.
# usage: tests/programs.sh <program or font>=<package>…
set -euo pipefail
cd "$(dirname "$0")/.."

rm -rf target/programs.*
mkdir -p target
new=$(mktemp -d "$PWD/target/programs.XXXXXX")
trap 'rm -rf "$new"' EXIT
mkdir -p "$new"/apt/{lists,cache/archives}/partial "$new/files"
[ ! -e target/programs ] || cp -al target/programs/. "$new/files"

# With the system's sources, keys and list of what is installed, and with no other file of its own.
apt() {
  apt-get -qq -o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)" \
    -o Dir::State::lists="$new/apt/lists" -o Dir::Cache="$new/apt/cache" "$@"
}
# One source of several may be away.
apt update || true
apt install --download-only --yes --no-install-recommends "${@#*=}"
for package in "$new"/apt/cache/archives/*.deb; do
  dpkg-deb --extract "$package" "$new/files"
done

# One folder with what was asked for: the other programs of the packages must not hide the system's. Where there is
# one below lib/, the one in bin/ is a script that starts it where it would be installed.
mkdir -p "$new/files/asked"
for program in "${@%=*}"; do
  found=$(cd "$new/files" && find usr -name "$program" \( -type l -o -type f -perm -u+x \) | sort -r | head -n 1)
  [ -z "$found" ] || ln -sf "../$found" "$new/files/asked/$program"
done
rm -rf target/programs
mv "$new/files" target/programs
