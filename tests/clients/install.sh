#!/usr/bin/env bash
# Brings the OpenID clients of others into target/clients, for the tests in tests/e2e/openid/foreign: from npm, from PyPI, and
# from packages of Debian, which are unpacked and not installed. What cannot be had, or not within three
# minutes each, is left out, and the tests say so.
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
  python3 -m venv "$target/fastapi" && timeout 180 "$target/fastapi/bin/pip" install -q -r examples/fastapi/requirements.txt ||
    rm -rf "$target/fastapi"
fi

if command -v python3 > /dev/null; then
  python3 -m venv "$target/python" && timeout 180 "$target/python/bin/pip" install -q -r "$here/python/requirements.txt" || rm -rf "$target/python"
fi

if command -v apt-get > /dev/null; then
  new=$(mktemp -d)
  mkdir -p "$new"/cache/archives/partial
  timeout 180 apt-get -qq -o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)" -o Dir::Cache="$new/cache" \
    install --download-only --yes --no-install-recommends golang-github-coreos-go-oidc-dev libapache2-mod-auth-openidc
  for package in "$new"/cache/archives/*.deb; do
    [ ! -e "$package" ] || dpkg-deb --extract "$package" "$target/debian"
  done
  rm -rf "$new"
fi
