#!/usr/bin/env bash
# Makes what is installed: a static binary, a Debian package of it, and their checksums, in target/package.
# usage: ops/package.sh [<binary>]   (without one it builds one: with musl where Rust has that target here, else with the C
#   library of this machine)
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/target/package
mkdir -p "$out/built/release"

binary=${1:-}
if [ -z "$binary" ]; then
  target=$(uname -m)-unknown-linux-musl
  if { rustup target add "$target" && command -v musl-gcc; } > /dev/null 2>&1; then
    cargo build --locked --profile dist --target "$target" -p saoma-api --bin saoma
    binary=target/$target/dist/saoma
  else
    echo "there is no musl here (rustup target add $target, the package musl-tools): linked with the C library of this machine"
    cargo rustc --locked --profile dist -p saoma-api --bin saoma -- -C target-feature=+crt-static
    binary=target/dist/saoma
  fi
fi
strip -o "$out/saoma" "$binary"

cargo deb --version > /dev/null 2>&1 || cargo install cargo-deb --locked
# It takes the binary from where a build for release would have put it.
cp "$out/saoma" "$out/built/release/saoma"
rm -f "$out"/*.deb
CARGO_TARGET_DIR=$out/built cargo deb --no-build --no-strip -p saoma-api -o "$out/"
rm -rf "$out/built"
(cd "$out" && sha256sum saoma ./*.deb > SHA256SUMS && ls -l)
