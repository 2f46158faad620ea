#!/usr/bin/env bash
# Builds the last stage of the Dockerfile with podman, around a static binary of this machine, and runs it read-only and without
# rights: health check, a login by the sandbox's phone, SIGTERM; and the road of an operator, `saoma init` on a terminal to a
# login. It pulls no image, so the first stage is not built.
# usage: tests/image.sh [<static binary>]   (without one it builds one, linked with the C library of this machine)
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_INCREMENTAL=0
image=localhost/saoma-test
place=$PWD/target/image
mkdir -p "$place/build/etc/ssl/certs" "$place/build/usr/share" "$place/build/empty/var/lib/saoma"

binary=${1:-}
if [ -z "$binary" ]; then
  # Only the last link is another one than usual.
  cargo rustc --locked -q -p saoma-api --bin saoma -- -C target-feature=+crt-static
  binary=target/debug/saoma
fi
strip -o "$place/build/saoma" "$binary"
cp /etc/ssl/certs/ca-certificates.crt "$place/build/etc/ssl/certs/"
cp -a /usr/share/zoneinfo "$place/build/usr/share/"
(cd "$place/build/usr/share/zoneinfo" && rm -rf right posix tzdata.zi leap* ./*.tab)
chown -R 65532:65532 "$place/build/empty/var/lib/saoma"

. tests/containers.sh "$place"
sed -n '/^FROM scratch/,$p' Dockerfile > "$place/Containerfile"
podman build --format docker --isolation chroot --build-context "build=$place/build" -t "$image" -f "$place/Containerfile" "$place/build"
podman image inspect "$image" --format '{{.Size}} bytes, user {{.User}}'
SAOMA_TEST_IMAGE=$image cargo test --locked -q -p saoma-api --test e2e -- --nocapture upkeep::image upkeep::road
