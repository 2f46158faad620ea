#!/usr/bin/env bash
# Checks that the arrows of the house hold: the domain is pure, adapters do not know each other, and nothing
# below the apps knows them. Each check is first shown to fail where it has to (the positive controls).
set -euo pipefail
cd "$(dirname "$0")/.."

# What a domain without I/O has no use for: runtimes, web, SQL, Redis, HTTP, logging back ends.
impure='tokio|async-std|smol|mio|actix[-_a-z]*|axum|hyper|h2|tower|reqwest|ureq|diesel[-_a-z]*|sqlx|rusqlite|libsqlite3-sys|tokio-postgres|mysql_async|redis|deadpool[-_a-z]*|tracing-subscriber|log4rs'
adapters='saoma-wechat saoma-db saoma-redis saoma-memory saoma-sms'

# The packages that a package needs to run, one a line.
needs() { cargo tree --locked -e normal -p "$1" --prefix none --format '{p}' | awk '{print $1}' | sort -u; }
direct() { cargo tree --locked -e normal -p "$1" --depth 1 --prefix none --format '{p}' | awk '{print $1}' | sort -u; }

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
for adapter in $adapters; do
  must_not knows "$adapter" 'saoma-(wechat|db|redis|memory|sms|api|sandbox|contract|servers)'
done
must_not reaches saoma-sandbox 'saoma-(db|redis|memory|sms|api)'
must_not reaches saoma-wechat 'actix[-_a-z]*|diesel[-_a-z]*'
must_not reaches saoma-db 'actix[-_a-z]*|reqwest|hyper'
must_not reaches saoma-redis 'actix[-_a-z]*|diesel[-_a-z]*|reqwest'
must_not reaches saoma-memory 'actix[-_a-z]*|reqwest|hyper|diesel[-_a-z]*'
must_not reaches saoma-sms 'actix[-_a-z]*|diesel[-_a-z]*'
# One crypto provider in the whole house.
must_not reaches saoma-api 'aws-lc-sys|aws-lc-rs|openssl-sys|native-tls|mockall'

[ "$wrong" = 0 ] && echo "arrows: they all point inwards"
exit "$wrong"
