#!/usr/bin/env bash
# Checks that the arrows of the house hold: the domain is pure, adapters do not know each other, nothing below the apps
# knows them, rules stand in the domain only, and nothing of the tests is compiled into the product. Each check is
# first shown to fail where it has to (the positive controls).
set -euo pipefail
cd "$(dirname "$0")/.."

# What a domain without I/O has no use for: runtimes, web, SQL, Redis, HTTP, logging back ends.
impure='tokio|async-std|smol|mio|actix[-_a-z]*|axum|hyper|h2|tower|reqwest|ureq|diesel[-_a-z]*|sqlx|rusqlite|libsqlite3-sys|tokio-postgres|mysql_async|redis|deadpool[-_a-z]*|tracing-subscriber|log4rs'
adapters='saoma-wechat saoma-db saoma-redis saoma-memory saoma-sms saoma-relay saoma-geo saoma-jwt'

# The packages that a package needs to run, one a line.
needs() { tree -e normal -p "$1"; }
direct() { tree -e normal -p "$1" --depth 1; }

# Asks once and remembers.
asked=$(mktemp -d)
trap 'rm -rf "$asked"' EXIT
tree() {
  local answer="$asked/$*"
  [ -e "$answer" ] || cargo tree --locked "$@" --prefix none --format '{p}' | awk '{print $1}' | sort -u > "$answer"
  cat "$answer"
}

# Prints those of the needed packages that match; succeeds if there are any.
reaches() { needs "$1" | grep -Ex "$2"; }
knows() { direct "$1" | grep -v "^$1\$" | grep -Ex "$2"; }

wrong=0
must_not() { # <check> <package> <pattern>
  local found
  if found=$("$1" "$2" "$3"); then
    echo "arrows: $2 must not depend on: $(echo $found)"
    wrong=1
  fi
}
control() { # <check> <package> <pattern>: has to find something
  "$1" "$2" "$3" > /dev/null || { echo "arrows: the check is blind: it does not see what $2 depends on ($3)"; exit 1; }
}

control reaches saoma-db 'diesel'
control reaches saoma-api "$impure"
control knows saoma-api 'saoma-(wechat|db|memory|sms)'
control knows saoma-db 'saoma-domain'

must_not reaches saoma-domain "$impure"
must_not knows saoma-domain 'saoma-.*'
must_not knows saoma-tls 'saoma-.*'
must_not knows saoma-trace 'saoma-.*'
for adapter in $adapters; do
  must_not knows "$adapter" 'saoma-(wechat|db|redis|memory|sms|relay|geo|jwt|api|sandbox|contract|servers)'
done
must_not reaches saoma-sandbox 'saoma-(db|redis|memory|sms|relay|geo|jwt|api)'
must_not reaches saoma-jwt 'actix[-_a-z]*|diesel[-_a-z]*|reqwest|hyper'
must_not reaches saoma-wechat 'actix[-_a-z]*|diesel[-_a-z]*'
must_not reaches saoma-db 'actix[-_a-z]*|reqwest|hyper'
must_not reaches saoma-redis 'actix[-_a-z]*|diesel[-_a-z]*|reqwest'
must_not reaches saoma-memory 'actix[-_a-z]*|reqwest|hyper|diesel[-_a-z]*'
must_not reaches saoma-sms 'actix[-_a-z]*|diesel[-_a-z]*'
must_not reaches saoma-relay 'actix[-_a-z]*|diesel[-_a-z]*'
must_not reaches saoma-geo "$impure"
# A library installs nothing for the process of others; only the client for Redis, by TLS, knows no other way.
must_not_install() { ! grep -rn 'install_default' --include='*.rs' crates apps/*/src | grep -v '^crates/redis/src/store.rs:'; }
if ! found=$(must_not_install); then
  echo "arrows: a TLS provider is installed for the process: $found"
  wrong=1
fi
# One crypto provider in the whole house.
must_not reaches saoma-api 'aws-lc-sys|aws-lc-rs|openssl-sys|native-tls|mockall'

# Who embeds the service with one database compiles that, and nothing of the binary.
embedded() { tree -e normal -p saoma-api --no-default-features --features sqlite; }
reaches_embedded() { embedded | grep -Ex "$2"; }
control reaches_embedded saoma-api 'libsqlite3-sys'
must_not reaches_embedded saoma-api 'clap|tracing-subscriber|png|crypto-primes|saoma-(redis|sandbox)|opentelemetry.*|tokio-postgres|mysql_async'
crates=$(embedded | wc -l)
[ "$crates" -le 220 ] || { echo "arrows: a service with SQLite alone compiles $crates crates, and 220 are promised"; wrong=1; }

# What tests stand on is not compiled into the product.
tested() { tree -e normal,dev -p "$1" | grep -Ex "$2"; }
for package in saoma-domain saoma-db saoma-memory saoma-wechat; do control tested "$package" 'saoma-testing'; done
for package in saoma-api saoma-sandbox saoma-domain $adapters; do
  must_not reaches "$package" 'saoma-(testing|test-kit|contract)'
done

# The test kit stands on the whole service, so nothing that the service is made of may know it, in its tests either.
control knows saoma-test-kit 'saoma-api'
must_not knows saoma-testing 'saoma-(wechat|db|redis|sms|relay|geo|api|sandbox|test-kit)'
for package in saoma-domain saoma-testing $adapters saoma-api; do
  if found=$(tested "$package" 'saoma-test-kit'); then
    echo "arrows: the tests of $package must not depend on: $found"
    wrong=1
  fi
done

# The code of a folder, without comments.
code() { find "$1" -name '*.rs' -exec sed 's,//.*,,' {} +; }
says() { code "$1" | grep -Eo "$2" | sort -u; }
must_not_say() { # <folder> <pattern> <why>
  local found
  if found=$(says "$1" "$2"); then
    echo "arrows: $1 says $(echo $found): $3"
    wrong=1
  fi
}

# Every rule stands once, in the domain: a database has row operations and nothing else.
rule='LoginEvent|AuditKind::[A-Z][A-Za-z]*|\.apply\(|LOGIN_KEPT_FOR|LINKS_VOIDED_BY'
control says crates/domain/src/rules "$rule"
must_not_say crates/db/src "$rule" 'that is a rule, for crates/domain/src/rules'
must_not_say crates/testing/src/database "$rule" 'that is a rule, for crates/domain/src/rules'

# The model of the services is the oracle for the rules, so it shares nothing with them.
control says crates/testing/src 'rules::'
must_not_say crates/domain/tests/it/any_order 'rules(::|;)' 'the model has to find the rules out by itself'

# The layers of the domain, each of which knows only those before it.
domain=crates/domain/src
control says $domain/services '(ports|rules|services)(::|;)'
must_not_say $domain/model '(ports|rules|services)(::|;)' 'the model is a leaf'
must_not_say $domain/ports '(rules|services)(::|;)' 'ports know values only'
must_not_say $domain/rules 'services(::|;)' 'rules know ports only'

# No files of a folder know each other in a circle, as far as `use super::…` and paths show it.
arrows() { # <folder>: two names a line, the second one known by the first one
  local names file name
  names=$(for file in "$1"/*; do basename "$file" .rs; done | sort -u | paste -sd '|')
  for file in "$1"/*.rs; do
    name=$(basename "$file" .rs)
    [ "$name" = mod ] || sed 's,//.*,,' "$file" | grep -Eo "(^|[^a-z_:])(super::)?($names)::" | grep -Eo "($names)::$" |
      sort -u | sed "/^$name::/d; s/^/$name /; s/::$//" || true
  done
}
circle() { echo "$1" | tsort 2>&1 > /dev/null | grep -v 'input contains a loop'; }
[ -n "$(circle $'a b\nb a')" ] || { echo 'arrows: the check is blind: it sees no circle'; exit 1; }
for folder in $domain/rules $domain/services; do
  known=$(arrows $folder)
  [ "$(echo "$known" | wc -l)" -gt 10 ] || { echo "arrows: the check is blind: it sees no arrows in $folder"; exit 1; }
  if found=$(circle "$known"); then
    echo "arrows: files of $folder know each other in a circle: $(echo $found)"
    wrong=1
  fi
done

[ "$wrong" = 0 ] && echo "arrows: they all point inwards"
exit "$wrong"
