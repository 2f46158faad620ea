#!/usr/bin/env bash
# Runs the tests that cargo built: most binaries two side by side, then one by one those that measure (the faults,
# and of the pages the cases of `speed`). What a binary says is shown in one piece when it ends.
# usage: tests/binaries.sh < <what `cargo test --no-run --message-format=json` says>
set -uo pipefail
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
export logs
code=0

one() { # <folder>⇥<binary>⇥<arguments>
  local folder binary arguments log result=0 began=$SECONDS
  IFS=$'\t' read -r folder binary arguments <<< "$1"
  log=$(mktemp "$logs/XXXXXX")
  # shellcheck disable=SC2086 # none or several
  (cd "$folder" && exec "$binary" $arguments) > "$log" 2>&1 || result=$?
  {
    flock 9
    echo "     Running ${binary##*/} $arguments ($((SECONDS - began)) s)"
    cat "$log"
    # A test that failed is counted by its runner; a runner that did not get to its end by this line.
    [ "$result" = 0 ] || grep -q '^test result: FAILED' "$log" || echo "crashed: $binary $arguments (exit code $result)" | tee -a "$log"
  } 9> "$logs/lock"
  return "$result"
}
export -f one

run() { xargs -r -d '\n' -n 1 -P "$1" bash -c 'one "$1"' one || code=1; }

# A line is the folder that a binary runs in, and the binary.
all=$(sed -nE 's/.*"manifest_path":"([^"]*)\/Cargo.toml".*"profile":\{[^}]*"test":true\}.*"executable":"([^"]*)".*/\1\t\2/p')
pick() { grep -E "/$1-[0-9a-f]+$" <<< "$all"; }

# The slow ones first, so that they do not end last.
{
  pick pages | sed 's/$/\t--skip speed::/'
  pick e2e
  grep -Ev '/(pages|e2e|faults)-[0-9a-f]+$' <<< "$all"
} | run 2
{ pick faults; pick pages | sed 's/$/\tspeed::/'; } | run 1

exit "$code"
