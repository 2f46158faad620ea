#!/usr/bin/env bash
# Starts compose.yaml as its first lines say, by podman-compose, and logs a person in through the proxy: beside a simulated
# WeChat, with images of PostgreSQL, Redis and Caddy that are made from packages of Debian under the names that the file has, so
# that none is pulled. Then the same with three nodes, of which one stops. Has to be root; needs podman with netavark and
# aardvark-dns, and debootstrap; brings podman-compose from PyPI.
# usage: tests/compose.sh   (tests/image.sh makes the image, where there is none)
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
place=$here/target/compose
suite=bookworm
mirror=http://deb.debian.org/debian
mkdir -p "$place"
for program in podman debootstrap /usr/lib/podman/netavark /usr/lib/podman/aardvark-dns; do
  command -v "$program" > /dev/null || { echo "\`$program\` is missing"; exit 2; }
done
. tests/containers.sh "$place" netavark
[ -x "$place/python/bin/podman-compose" ] ||
  { python3 -m venv "$place/python" && "$place/python/bin/python3" -m pip install -q podman-compose==1.6.0; }

podman image exists localhost/saoma-test || tests/image.sh
podman tag localhost/saoma-test localhost/saoma:latest

# One root of Debian with all three programs, and a script that starts them as the hubs' images do.
images="docker.io/library/postgres:17-alpine docker.io/valkey/valkey:8-alpine docker.io/library/caddy:2-alpine"
missing() { for image in $images; do podman image exists "$image" || return 0; done; return 1; }
if missing; then
  root=$place/root
  rm -rf "$root"
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror" > "$place/debootstrap.log" 2>&1
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d" && chmod 755 "$root/usr/sbin/policy-rc.d"
  chroot "$root" apt-get -qq update >> "$place/debootstrap.log" 2>&1
  DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get -qq install --no-install-recommends -y postgresql redis-server caddy \
    >> "$place/debootstrap.log" 2>&1
  rm -rf "$root"/var/lib/postgresql/* "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
  ln -sf redis-server "$root/usr/bin/valkey-server"
  for each in "$root"/usr/lib/postgresql/*/bin/*; do ln -sf "${each#"$root"}" "$root/usr/local/bin/"; done
  cat > "$root/usr/local/bin/start-postgres" <<'START'
#!/bin/sh
set -e
data=/var/lib/postgresql/data
mkdir -p "$data" /run/postgresql
chown -R postgres:postgres "$data" /run/postgresql
if [ ! -s "$data/PG_VERSION" ]; then
  echo "$POSTGRES_PASSWORD" > /tmp/password && chown postgres /tmp/password
  runuser -u postgres -- initdb -D "$data" -U "$POSTGRES_USER" --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256
  rm /tmp/password
  echo "host all all all scram-sha-256" >> "$data/pg_hba.conf"
  echo "CREATE DATABASE $POSTGRES_DB" | runuser -u postgres -- postgres --single -D "$data" postgres
fi
exec runuser -u postgres -- postgres -D "$data" -c "listen_addresses=*"
START
  chmod 755 "$root/usr/local/bin/start-postgres"
  tar -C "$root" -cf "$place/root.tar" .
  import() { podman import -q "${@:2}" "$place/root.tar" "$1"; }
  import docker.io/library/postgres:17-alpine --change 'CMD ["start-postgres"]'
  import docker.io/valkey/valkey:8-alpine --change 'CMD ["valkey-server"]'
  import docker.io/library/caddy:2-alpine --change 'ENV XDG_DATA_HOME=/data' --change 'CMD ["caddy","run","--config","/etc/caddy/Caddyfile","--adapter","caddyfile"]'
  rm -rf "$root" "$place/root.tar"
fi
# As an operator does it, in a folder of its own.
shop=$place/shop
rm -rf "$shop"
mkdir -p "$shop/ops"
cp -r compose.yaml compose.nodes.yaml .env.example "$shop/" && cp -r ops/caddy "$shop/ops/"
cd "$shop"
# Limits are another thing that this machine may not grant.
sed -i '/ulimits:/d' compose.yaml
sed -e 's/^SAOMA_HOST=.*/SAOMA_HOST=localhost/' -e "s/^SAOMA_KEY=.*/SAOMA_KEY=$(openssl rand -hex 32)/" \
  -e "s/^POSTGRES_PASSWORD=.*/POSTGRES_PASSWORD=$(openssl rand -hex 16)/" -e 's/^WECHAT_APP_ID=.*/WECHAT_APP_ID=wx5a0b4c3d2e1f6078/' \
  -e 's/^WECHAT_SECRET=.*/WECHAT_SECRET=0f1e2d3c4b5a69788796a5b4c3d2e1f0/' -e 's/^WECHAT_TOKEN=.*/WECHAT_TOKEN=saomaDemoToken/' \
  -e 's/^WECHAT_AES_KEY=.*/WECHAT_AES_KEY=saomaDemoKeyNeverUseItWithARealAccount01234/' -e 's/^SMS_PROVIDER=.*/SMS_PROVIDER=webhook/' \
  .env.example > .env
chmod 600 .env
# The WeChat of the demonstration, which also takes the SMS.
cat > wechat.yaml <<'WECHAT'
services:
  saoma:
    environment:
      SAOMA__WECHAT__API_BASE: http://wechat:8081
      SAOMA__WECHAT__OPEN_BASE: http://wechat:8081
      SAOMA__WECHAT__MP_BASE: http://wechat:8081
      SAOMA__SMS__URL: http://wechat:8081/sandbox/sms/webhook
  wechat:
    image: saoma:latest
    command: [demo, --sandbox-listen, "0.0.0.0:8081"]
    ports: ["127.0.0.1:18081:8081"]
WECHAT

compose() { "$place/python/bin/podman-compose" -p saoma-try "$@"; }
files=(-f compose.yaml -f wechat.yaml)
# `down` does not know of more nodes than the file has.
stop() {
  podman ps -aq --filter name=saoma-try_ | xargs -r podman rm -f -t 5 > "$place/down.log" 2>&1 || true
  compose "${files[@]}" down -v -t 5 >> "$place/down.log" 2>&1 || true
}
trap stop EXIT
stop
began=$SECONDS
compose "${files[@]}" up -d --no-build > "$place/up.log" 2>&1 || { tail -n 30 "$place/up.log"; exit 1; }
answers() { # <path>
  local tries=0
  until curl -fsk --max-time 5 -o "$place/answer" "https://localhost$1"; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { tail -n 20 "$place/up.log"; podman ps -a; podman logs --tail 20 saoma-try_saoma_1; exit 1; }
    sleep 0.5
  done
}
answers /readyz
answers /login
echo "compose: /login answers through the proxy after $((SECONDS - began)) s"
python3 "$here/tests/compose_login.py" first
podman healthcheck run saoma-try_saoma_1 && echo "compose: the health check is content"

files+=(-f compose.nodes.yaml)
compose "${files[@]}" up -d --no-build --scale saoma=3 > "$place/nodes.log" 2>&1 || { tail -n 30 "$place/nodes.log"; exit 1; }
nodes=$(podman ps --format '{{.Names}}' | grep -c '^saoma-try_saoma_')
[ "$nodes" = 3 ] || { podman ps -a; echo "there are $nodes nodes, and not three"; exit 1; }
answers /readyz
sleep 6 # The proxy asks for the nodes' addresses every 5 s.
python3 "$here/tests/compose_login.py" second
podman stop -t 40 saoma-try_saoma_2 > /dev/null
[ "$(podman inspect saoma-try_saoma_2 --format '{{.State.ExitCode}}')" = 0 ]
for _ in $(seq 40); do
  curl -fsk --max-time 15 -o /dev/null "https://localhost/readyz" || { echo "a request failed after a node had stopped"; exit 1; }
done
echo "compose: three nodes, one stopped in order, and no request failed"
