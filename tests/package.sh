#!/usr/bin/env bash
# Installs the Debian package in a fresh root of Debian, with nothing but what it depends on, and walks the road of an operator
# there: `saoma init` for a test account to a login by the phone page, the service on what it has made, `saoma check`, the unit
# looked at and run by systemd, an upgrade, and what removing and purging leave. Has to be root; brings debootstrap's packages.
# usage: tests/package.sh [<binary>]   (without one a build for development is packed)
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_INCREMENTAL=0
place=$PWD/target/root
root=$place/debian
suite=bookworm
mirror=http://deb.debian.org/debian
[ "$(id -u)" = 0 ] || { echo "tests/package.sh has to be root: it makes a root of its own"; exit 2; }
command -v debootstrap > /dev/null || { echo "\`debootstrap\` is missing: install the package \`debootstrap\`"; exit 2; }

binary=${1:-}
if [ -z "$binary" ]; then
  cargo build --locked -q -p saoma-api --bin saoma
  binary=target/debug/saoma
fi
ops/package.sh "$binary" > /dev/null
package=$(echo target/package/*.deb)
dpkg-deb --info "$package" | grep -E '^ (Package|Version|Depends|Installed-Size)'

mkdir -p "$place"
[ -e "$place/$suite.tar" ] || debootstrap --variant=minbase --make-tarball="$place/$suite.tar" "$suite" "$place/fetched" "$mirror"
umount -q "$root/proc" 2> /dev/null || true
rm -rf "$root"
debootstrap --variant=minbase --unpack-tarball="$place/$suite.tar" "$suite" "$root" "$mirror" > "$place/debootstrap.log" 2>&1 ||
  { tail "$place/debootstrap.log"; exit 1; }
trap 'umount -q "$root/proc" || true' EXIT
mount -t proc proc "$root/proc"
cp /etc/resolv.conf "$root/etc/resolv.conf"
# What starts services in a root that runs none.
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes LC_ALL=C.UTF-8 "$@"; }
is() { # <what is so> <what has to be>
  [ "$1" = "$2" ] || { echo "it is \`$1\`, and has to be \`$2\`"; exit 1; }
}
in_root apt-get -qq update > /dev/null
cp "$package" "$root/tmp/saoma.deb"
began=$SECONDS
in_root apt-get -qq install --no-install-recommends -y /tmp/saoma.deb > "$place/install.log"
echo "package: installed with what it depends on in $((SECONDS - began)) s"
is "$(in_root stat -c '%U:%G %a' /etc/saoma /var/lib/saoma | sort -u)" "saoma:saoma 750"
is "$(in_root stat -c '%U:%G %a' /usr/bin/saoma)" "root:root 755"
is "$(in_root getent passwd saoma | cut -d: -f6,7)" "/var/lib/saoma:/usr/sbin/nologin"
in_root test -e /lib/systemd/system/saoma.service
in_root saoma errcode 40164 --lang zh

# As root its files could not be read by the service: it says how to do it.
! in_root saoma init --config /etc/saoma/saoma.toml --test-account > "$place/refused" 2>&1
grep -q 'runuser -u saoma -- saoma init' "$place/refused"
SAOMA_TEST_ROOT=$root cargo test --locked -q -p saoma-api --test e2e -- --nocapture upkeep::road
is "$(in_root stat -c '%U:%G %a' /etc/saoma/saoma.toml /etc/saoma/saoma.key | sort -u)" "saoma:saoma 600"
is "$(in_root stat -c '%U:%G %a' /var/lib/saoma/saoma.db)" "saoma:saoma 600"

# systemd looks at the unit where the program is.
in_root apt-get -qq install --no-install-recommends -y systemd > /dev/null 2>&1
in_root systemd-analyze verify /lib/systemd/system/saoma.service
in_root systemd-analyze security --offline=true --threshold=15 /lib/systemd/system/saoma.service | tail -n 1
# And runs it, where this machine lets it boot in a container.
umount "$root/proc"
tests/unit.sh "$root"
mount -t proc proc "$root/proc"

# The same version again stands for an upgrade: nothing of the operator's is touched.
before=$(in_root sha256sum /etc/saoma/saoma.toml /etc/saoma/saoma.key /var/lib/saoma/saoma.db)
in_root apt-get -qq install --reinstall -y /tmp/saoma.deb > /dev/null
in_root apt-get -qq remove -y saoma > /dev/null
in_root test ! -e /usr/bin/saoma
is "$(in_root sha256sum /etc/saoma/saoma.toml /etc/saoma/saoma.key /var/lib/saoma/saoma.db)" "$before"
in_root dpkg --purge saoma > "$place/purged" 2>&1
is "$(in_root sha256sum /etc/saoma/saoma.toml /etc/saoma/saoma.key /var/lib/saoma/saoma.db)" "$before"
is "$(grep -c 'is left' "$place/purged")" 2
# Without anything of the operator's nothing is left.
in_root sh -c 'rm -r /etc/saoma/* /var/lib/saoma/*'
in_root apt-get -qq install -y /tmp/saoma.deb > /dev/null
in_root dpkg --purge saoma > /dev/null
in_root sh -c 'test ! -e /etc/saoma && test ! -e /var/lib/saoma'
echo "package: installed, set up, checked, upgraded, removed and purged"
