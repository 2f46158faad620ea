#!/usr/bin/env bash
# Everything that decides whether a change is good; --embedded leaves out what needs Redis, PostgreSQL, MariaDB
# or a browser. Ends with the figures of the faults and of the pages and one plain line: what passed and what
# failed. SAOMA_FAULTS=full lets the faults run in their long form; the screenshots of the pages are in
# target/screenshots, or where SAOMA_SCREENSHOTS says.
set -uo pipefail
cd "$(dirname "$0")/.."
export CARGO_TERM_COLOR=never CARGO_INCREMENTAL="${CARGO_INCREMENTAL:-0}"

passed=0 failed=0
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# Installs a Debian package where that is allowed.
install() { # <package>
  [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || return 0
  echo "== installing $1"
  [ -e "$logs/updated" ] || { apt-get update -qq && touch "$logs/updated"; }
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" > "$logs/apt" 2>&1 || cat "$logs/apt"
}

# Keeps packages that are installed from starting a service: the tests start servers of their own.
quiet_services() {
  [ "$(id -u)" = 0 ] && [ -d /usr/sbin ] && [ ! -e /usr/sbin/policy-rc.d ] || return 0
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
  trap 'rm -rf "$logs" /usr/sbin/policy-rc.d' EXIT
}

# Sees to it that a command is there, else says what to install.
need() { # <command> <package>
  command -v "$1" > /dev/null || install "$2"
  command -v "$1" > /dev/null || { echo "\`$1\` is missing: install the package \`$2\` and run this again"; exit 2; }
}

# Runs one check; what it says is shown as it comes.
check() { # <name> <command…>
  local name=$1; shift
  echo "== $name"
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "== failed: $name"; fi
}

# Runs the tests and adds up what the runner says of each of their binaries.
tests() {
  echo "== unit, property, contract, vector and end-to-end tests"
  local servers=(cargo run --locked --quiet -p saoma-servers -- exec --with "${SAOMA_TEST_SERVERS:-}" --)
  [ -z "$embedded" ] || servers=(env)
  "${servers[@]}" cargo test --locked --workspace --no-fail-fast 2>&1 | tee "$logs/tests"
  local code=${PIPESTATUS[0]}
  local ok bad
  ok=$(awk '/^test result:/ {n += $4} END {print n + 0}' "$logs/tests")
  bad=$(awk '/^test result:/ {n += $6} END {print n + 0}' "$logs/tests")
  passed=$((passed + ok)) failed=$((failed + bad))
  if [ "$code" != 0 ] && [ "$bad" = 0 ]; then failed=$((failed + 1)); fi
  if [ "$ok" = 0 ]; then echo "no test ran"; failed=$((failed + 1)); fi
}

if ! command -v cargo > /dev/null; then
  echo "\`cargo\` is missing: install Rust 1.89 or newer (https://rustup.rs) and run this again"
  exit 2
fi
embedded=${1:-}
case "$embedded" in
  "" | --embedded) ;;
  *) echo "usage: tests/run.sh [--embedded]   (--embedded: only what needs no server and no browser)"; exit 2 ;;
esac
need cc gcc
links() { echo 'int main(void) { return 0; }' | cc -x c - -o "$logs/linked" 2> /dev/null; }
links || install libc6-dev
links || { echo "the C compiler cannot link: install the package \`libc6-dev\` and run this again"; exit 2; }

if [ -z "$embedded" ]; then
  # What the tests are run beside; also said to clippy, so that it sees the same code.
  export SAOMA_TEST_SERVERS=redis,sentinel,cluster,postgres,mariadb
  quiet_services
  PATH=$PATH:/usr/sbin need redis-server redis-server
  [ -e "$(echo /usr/lib/postgresql/*/bin/initdb | awk '{print $1}')" ] || command -v initdb > /dev/null || install postgresql
  PATH=$PATH:/usr/sbin need mariadbd mariadb-server-core
  need mariadb mariadb-client-core
  # A browser for the pages, and a font for their Chinese.
  export SAOMA_TEST_BROWSER=chromium SAOMA_SCREENSHOTS="${SAOMA_SCREENSHOTS:-$PWD/target/screenshots}"
  need chromium chromium
  need chromedriver chromium-driver
  [ -e /usr/share/fonts/truetype/wqy ] || install fonts-wqy-zenhei
else
  unset SAOMA_TEST_BROWSER
  echo "== left out: everything that needs Redis, PostgreSQL, MariaDB or a browser"
fi

check "format" cargo fmt --all --check
check "arrows" tests/arrows.sh
check "clippy" cargo clippy --locked --workspace --all-targets -- -D warnings
check "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps --quiet
tests
if cargo deny --version > /dev/null 2>&1; then
  check "licences, bans and sources" cargo deny --offline --log-level error check licenses bans sources
else
  echo "== left out: cargo deny is not installed (cargo install cargo-deny --locked)"
fi

grep '^faults: ' "$logs/tests"
grep '^browser: ' "$logs/tests"
[ -n "$embedded" ] || echo "screenshots: $SAOMA_SCREENSHOTS"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
