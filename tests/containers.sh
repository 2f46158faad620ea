# shellcheck shell=bash
# Lets podman do without what this machine may not grant to containers: limits of its own, control groups by systemd.
# usage: . tests/containers.sh <folder> [<backend of networks>]
{
  printf '[containers]\ndefault_ulimits = []\n'
  [ -z "${2:-}" ] || printf '[network]\nnetwork_backend = "%s"\n' "$2"
  printf '[engine]\ncgroup_manager = "cgroupfs"\nruntime = "runc"\n'
} > "$1/containers.conf"
export CONTAINERS_CONF=$1/containers.conf STORAGE_DRIVER=vfs
