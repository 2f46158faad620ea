#!/usr/bin/env bash
# Boots a root of Debian in which the package is installed and set up, and has systemd run the unit: start, what the service may not do,
# reload, a crash, stop, and a configuration that is wrong. Has to be root; needs systemd-nspawn (the package `systemd-container`).
# usage: tests/unit.sh <root>
set -euo pipefail
root=$1
command -v systemd-nspawn > /dev/null || { echo "left out: the unit under a running systemd (install the package \`systemd-container\`)"; exit 0; }
in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
in_root apt-get -qq install --no-install-recommends -y systemd-sysv dbus > /dev/null 2>&1
cp "$root/etc/saoma/saoma.toml" "$root/root/saoma.toml"

cat > "$root/usr/local/sbin/try-unit" <<'TRY'
#!/bin/bash
exec > /var/log/try-unit 2>&1
is() { [ "$2" = "$3" ] && echo "ok: $1" || echo "WRONG: $1: \`$2\`, and not \`$3\`"; }
of() { systemctl show -P "$1" saoma; }
status() { awk -v name="$1:" '$1 == name {print $2}' "/proc/$(of MainPID)/status"; }
# As long as something is not so, for ten seconds.
until_is() { for _ in $(seq 50); do [ "$($2 "${@:4}")" = "$3" ] && break; sleep 0.2; done; is "$1" "$($2 "${@:4}")" "$3"; }
health() { saoma health --config /etc/saoma/saoma.toml > /dev/null 2>&1 && echo lives; }

systemctl start saoma
until_is "it answers" health lives
is "it is saoma" "$(status Uid)" "$(id -u saoma)"
is "it has no capability" "$(status CapEff) $(status CapBnd)" "0000000000000000 0000000000000000"
is "it gets no new rights" "$(status NoNewPrivs)" 1
is "its calls of the system are filtered" "$(status Seccomp)" 2
in_its_place() { nsenter --target "$(of MainPID)" --mount "$@" 2> /dev/null && echo can || echo cannot; }
is "it cannot write to /etc" "$(in_its_place touch /etc/saoma/new)" cannot
is "it can write to its folder" "$(in_its_place touch /var/lib/saoma/new)" can
rm -f /var/lib/saoma/new
systemctl reload saoma
heard() { journalctl -b -u saoma | grep -c "SIGHUP: wechat.apps.replies_to were read anew"; }
until_is "a reload reads the texts anew" heard 1
systemctl kill --signal KILL saoma
until_is "a crash starts it again" of 1 NRestarts
until_is "it answers again" health lives
systemctl stop saoma
is "it stops in order" "$(of Result) $(of ExecMainStatus)" "success 0"
sed -i 's/^kind = .*/kind = "nonsense"/' /etc/saoma/saoma.toml
systemctl start saoma
until_is "a wrong configuration is the end" of failed ActiveState
sleep 3
is "and nothing tries it again" "$(of ExecMainStatus) $(of NRestarts)" "2 0"
echo "tried"
TRY
cat > "$root/etc/systemd/system/try-unit.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash /usr/local/sbin/try-unit
ExecStopPost=systemctl --no-block poweroff
UNIT
mkdir -p "$root/etc/systemd/system/default.target.wants"
ln -sf ../try-unit.service "$root/etc/systemd/system/default.target.wants/try-unit.service"
rm -f "$root/var/log/try-unit"
timeout 120 systemd-nspawn -q -D "$root" --boot --register=no --keep-unit > "$root/var/log/boot" 2>&1 < /dev/null || true
rm -f "$root/etc/systemd/system/default.target.wants/try-unit.service" "$root/etc/systemd/system/try-unit.service"
cp "$root/root/saoma.toml" "$root/etc/saoma/saoma.toml"
[ -e "$root/var/log/try-unit" ] || { echo "left out: systemd does not boot in a container here"; tail -n 5 "$root/var/log/boot"; exit 0; }
sed 's/^/unit: /' "$root/var/log/try-unit"
! grep -q WRONG "$root/var/log/try-unit" && grep -q '^tried$' "$root/var/log/try-unit"
