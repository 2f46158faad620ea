#!/usr/bin/env bash
# Everything that decides whether a change is good; --embedded leaves out what needs Redis, PostgreSQL, MariaDB
# or a browser. What is missing of these is brought into target/programs, see tests/programs.sh: nothing outside
# target/ and Cargo's own folder is changed. Ends with the figures of the faults and of the pages and one plain
# line: what passed and what failed. SAOMA_FAULTS=full lets the faults run in their long form; the screenshots of
# the pages are in target/screenshots, or where SAOMA_SCREENSHOTS says.
set -uo pipefail
cd "$(dirname "$0")/.."
export CARGO_TERM_COLOR=never CARGO_INCREMENTAL="${CARGO_INCREMENTAL:-0}"

# What the tests run beside, and the Debian packages that bring it.
needed='redis-server=redis-server initdb=postgresql postgres=postgresql mariadbd=mariadb-server-core
  chromium=chromium chromedriver=chromium-driver DejaVuSans.ttf=fonts-dejavu-core wqy-zenhei.ttc=fonts-wqy-zenhei'
# What more of the tests runs where it is there: the proxies of docs/en/forward-auth.md.
wished='nginx=nginx caddy=caddy haproxy=haproxy apache2=apache2-bin http.lua=lua-socket'
programs=$PWD/target/programs
export SAOMA_TEST_PROGRAMS="$programs"
export SAOMA_TEST_FONTS="$programs/usr/share/fonts"
PATH=$programs/asked:$PATH:/usr/sbin:$(echo /usr/lib/postgresql/*/bin | tr ' ' :)

mkdir -p target
logs=$(mktemp -d "$PWD/target/run.XXXXXX")
trap 'rm -rf "$logs"' EXIT

# Prints what of a list is not there. A browser and its driver are of one version, so both come together.
missing() { # <program>=<package>…
  local each name found=
  for each in "$@"; do
    name=${each%=*}
    case "$name" in
      *.tt?) [ -n "$(find /usr/share/fonts /usr/local/share/fonts "$SAOMA_TEST_FONTS" -name "$name" 2> /dev/null)" ] ;;
      *.lua) [ -n "$(find /usr/share/lua "$programs/usr/share/lua" -name "$name" 2> /dev/null)" ] ;;
      chrom*) command -v chromium && command -v chromedriver ;;
      *) command -v "$name" ;;
    esac > /dev/null || found="$found $each"
  done
  echo "$found"
}

# Says what to install and ends, if something is missing.
need_all() {
  local each gone=0
  # shellcheck disable=SC2086 # a list
  for each in $(missing $needed); do
    echo "\`${each%=*}\` is missing: install the package \`${each#*=}\` and run this again"
    gone=1
  done
  [ "$gone" = 0 ] || exit 2
}

# Brings what is needed and, where Debian has it, what is wished for.
bring() { # <what is needed and missing>
  # shellcheck disable=SC2086 # lists
  [ -z "$1" ] || tests/programs.sh $1 || return 1
  # shellcheck disable=SC2086,SC2046 # lists
  [ -z "$(missing $wished)" ] || tests/programs.sh $(missing $wished) || true
}

# Says which of the tests have nothing to run with: they pass and show nothing.
say_left_out() {
  local each
  # shellcheck disable=SC2086 # a list
  for each in $(missing $wished); do
    echo "== left out: what needs \`${each%=*}\` (the package \`${each#*=}\`), for the recipes of docs/en/forward-auth.md"
  done
  for each in python3 go node; do
    command -v "$each" > /dev/null || echo "== left out: the examples that need \`$each\`"
  done
  [ -e target/clients/debian/usr/bin/php8.2 ] || [ -e /usr/bin/php ] || echo "== left out: examples/php, which needs \`php\`"
  echo "== left out: examples/spring-boot, which needs packages of Maven"
  for each in javascript/node_modules/openid-client python/bin/python3 wechatpy/bin/python3 wechat/node_modules/wechat debian/usr/share/gocode/src/github.com/coreos \
    debian/usr/lib/apache2/modules/mod_auth_openidc.so debian/usr/share/gocode/src/github.com/gin-gonic \
    rust/debug/saoma-client-openidconnect proxies/bin/traefik proxies/bin/envoy debian/usr/bin/promtool; do
    [ -e "target/clients/$each" ] || echo "== left out: what needs target/clients/$each (tests/clients/install.sh)"
  done
}

# Runs one check; what it says is shown as it comes.
check() { # <name> <command…>
  local name=$1 began=$SECONDS; shift
  echo "== $name"
  if "$@"; then echo passed >> "$logs/checks"; else echo "== failed: $name" | tee -a "$logs/checks"; fi
  echo "== $name took $((SECONDS - began)) s"
}

# What only compiles: it takes what processor time the tests leave.
lints() {
  renice -n 19 "$BASHPID" > /dev/null
  check "clippy" cargo clippy --locked --workspace --all-targets -- -D warnings
  check "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps --quiet
  # Without the features that other packages of the workspace bring with them: as `cargo run` and embedders build it.
  check "the service by itself" cargo clippy --locked --quiet -p saoma-api -- -D warnings
  check "the service with SQLite alone" cargo clippy --locked --quiet -p saoma-api --no-default-features --features sqlite -- -D warnings
}

# Builds the tests, and what starts the servers that they run beside.
build() {
  cargo build --locked --quiet -p saoma-servers &&
    cargo test --locked --workspace --no-run --message-format=json-render-diagnostics > "$logs/built"
}

# Runs the binaries of the tests with the lints beside them, and then the examples of the documentation.
tests() {
  local began=$SECONDS code=0 beside
  local servers=("${CARGO_TARGET_DIR:-target}/debug/saoma-servers" exec --with "${SAOMA_TEST_SERVERS:-}" --)
  [ -z "$embedded" ] || servers=(env)
  lints > "$logs/lints" 2>&1 &
  beside=$!
  "${servers[@]}" tests/binaries.sh < "$logs/built" 2>&1 | tee "$logs/tests"
  [ "${PIPESTATUS[0]}" = 0 ] || code=1
  echo "== the tests took $((SECONDS - began)) s"
  wait "$beside"
  cat "$logs/lints"
  cargo test --locked --workspace --doc 2>&1 | tee -a "$logs/tests"
  [ "${PIPESTATUS[0]}" = 0 ] || code=1
  return "$code"
}

# Says once more, where it is seen first, what failed and what it said: of each at most 60 lines.
say_failed() {
  awk '/^---- .* stdout ----$/ {show = 1; lines = 0} /^failures:$|^     Running / {show = 0}
    show && ++lines <= 60' "$logs/tests"
  grep -hE '^test .* FAILED$|^crashed: ' "$logs/tests" | sort -u | sed 's/^/== failed: /'
  grep '^== failed: ' "$logs/checks"
}

# Looks at the dependencies of all platforms, with the database of advisories that is there.
deny() { # <what to look at>
  # shellcheck disable=SC2086 # a list
  cargo fetch --locked --quiet && cargo deny --offline --log-level error check $1
}

# Adds up what the runner said of each binary, and the checks.
count() { # <exit code of the tests>
  local ok bad
  ok=$(awk '/^test result:/ {n += $4} END {print n + 0}' "$logs/tests")
  bad=$(awk '/^test result:/ {n += $6} /^crashed:/ {n += 1} END {print n + 0}' "$logs/tests")
  if [ "$1" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  if [ "$ok" = 0 ]; then echo "no test ran"; bad=$((bad + 1)); fi
  passed=$((ok + $(grep -c passed "$logs/checks"))) failed=$((bad + $(grep -c failed "$logs/checks")))
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
echo 'int main(void) { return 0; }' | cc -x c - -o "$logs/linked" 2> /dev/null ||
  { echo "there is no C compiler that links: install the packages \`gcc\` and \`libc6-dev\` and run this again"; exit 2; }

if [ -z "$embedded" ]; then
  # What the tests are run beside; also said to clippy, so that it sees the same code.
  export SAOMA_TEST_SERVERS=redis,sentinel,cluster,postgres,mariadb
  export SAOMA_TEST_BROWSER=chromium SAOMA_SCREENSHOTS="${SAOMA_SCREENSHOTS:-$PWD/target/screenshots}"
  # shellcheck disable=SC2086 # lists
  lacking=$(missing $needed) wanted=$(missing $needed $wished)
  if ! [ target/clients/done -nt tests/clients/install.sh ]; then
    echo "== bringing into target/clients: the programs of others"
    tests/clients/install.sh > "$logs/clients" 2>&1 || true
  fi
  if [ -n "$wanted" ]; then
    if command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null; then
      echo "== bringing into target/programs:$wanted"
      bring "$lacking" > "$logs/programs" 2>&1 &
    else
      need_all
      wanted=
    fi
  fi
else
  unset SAOMA_TEST_BROWSER
  echo "== left out: everything that needs Redis, PostgreSQL, MariaDB or a browser"
fi

check "format" cargo fmt --all --check
check "arrows" tests/arrows.sh
check "building the tests" build
if [ -z "$embedded" ]; then
  [ -z "$wanted" ] || wait "$!" || cat "$logs/programs"
  need_all
  SAOMA_TEST_LIBRARIES=$(find "$programs" -name '*.so*' -printf '%h\n' 2> /dev/null | sort -u | paste -sd :)
  [ -z "$SAOMA_TEST_LIBRARIES" ] || export SAOMA_TEST_LIBRARIES
fi
say_left_out
echo "== unit, property, contract, vector and end-to-end tests"
tests
count "$?"
if cargo deny --version > /dev/null 2>&1; then
  looked_at="licenses bans sources"
  if compgen -G "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs/advisory-db-*/crates" > /dev/null; then
    looked_at="$looked_at advisories"
  else
    echo "== left out: advisories, since there is no database of them (cargo deny fetch db)"
  fi
  check "cargo deny: $looked_at" deny "$looked_at"
else
  echo "== left out: cargo deny is not installed (cargo install cargo-deny --locked)"
fi

grep '^faults: ' "$logs/tests"
grep '^browser: ' "$logs/tests"
[ -n "$embedded" ] || echo "screenshots: $SAOMA_SCREENSHOTS"
say_failed
echo "it took $((SECONDS / 60)) min $((SECONDS % 60)) s"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
