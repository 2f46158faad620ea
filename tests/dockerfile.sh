#!/usr/bin/env bash
# Builds the whole Dockerfile with podman, its first stage included, and logs a person in. Where Rust's image cannot be pulled, one of
# the same make stands in for it: Debian with a C compiler, rustup, and the toolchain of this machine. Has to be root; needs podman and
# debootstrap. The binary is built without optimisation, since it is the lines that are tried: `tests/image.sh` has the size.
# usage: tests/dockerfile.sh
set -euo pipefail
cd "$(dirname "$0")/.."
place=$PWD/target/dockerfile
base=docker.io/library/rust:1-slim-bookworm
image=localhost/saoma-whole
mkdir -p "$place"
. tests/containers.sh "$place"

if ! podman image exists "$base" && ! podman pull -q "$base" 2> /dev/null; then
  root=$place/root
  rm -rf "$root"
  debootstrap --variant=minbase --include=ca-certificates,gcc,libc6-dev bookworm "$root" http://deb.debian.org/debian > "$place/debootstrap.log" 2>&1
  rm -rf "$root"/var/cache/apt/archives/*.deb
  mkdir -p "$root/usr/local/cargo/bin" "$root/usr/local/rustup/toolchains/here"
  cp "$(command -v rustup || echo "$HOME/.cargo/bin/rustup")" "$root/usr/local/cargo/bin/rustup"
  for shim in cargo rustc; do ln -sf rustup "$root/usr/local/cargo/bin/$shim"; done
  tar -C "$(rustc --print sysroot)" --exclude=share/doc --exclude='*/llvm-tools' -cf - . | tar -C "$root/usr/local/rustup/toolchains/here" -xf -
  name=stable-$(uname -m)-unknown-linux-gnu
  mv "$root/usr/local/rustup/toolchains/here" "$root/usr/local/rustup/toolchains/$name"
  printf 'version = "12"\ndefault_toolchain = "%s"\nprofile = "minimal"\n' "$name" > "$root/usr/local/rustup/settings.toml"
  tar -C "$root" -cf - . | podman import -q --change 'ENV RUSTUP_HOME=/usr/local/rustup' --change 'ENV CARGO_HOME=/usr/local/cargo' \
    --change 'ENV PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$base"
  rm -rf "$root"
fi
# What cargo has fetched here already is not fetched again.
podman build --format docker --isolation chroot --network host --layers=false -t "$image" \
  --env CARGO_PROFILE_DIST_OPT_LEVEL=0 --env CARGO_PROFILE_DIST_LTO=off --env CARGO_PROFILE_DIST_CODEGEN_UNITS=64 \
  --volume "${CARGO_HOME:-$HOME/.cargo}/registry:/usr/local/cargo/registry" .
podman image inspect "$image" --format '{{.Size}} bytes, user {{.User}}'
SAOMA_TEST_IMAGE=$image cargo test --locked -q -p saoma-api --test e2e -- --nocapture upkeep::image
