#!/bin/bash
# The first process of a world, in mount, network and pid namespaces of its own. Makes the network and waits.
# In: W (the world's folder), IP (the command that runs `ip`), REGISTRY (the cached registry storage).
set -e
: "${W:?}" "${IP:?}" "${REGISTRY:?}"
mount --make-rprivate /

# Names are resolved by the world's own server. The machine's file may be a link into /run, which is hidden below.
printf 'nameserver 10.77.0.10\noptions timeout:1 attempts:3\n' > "$W/resolv.conf"
resolv=$(readlink -f /etc/resolv.conf || echo /etc/resolv.conf)
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/netns "$(dirname "$resolv")"
[ -e "$resolv" ] || : > "$resolv"
mount --bind "$W/resolv.conf" "$resolv"

mount -t overlay overlay -o "lowerdir=$REGISTRY,upperdir=$W/registry/up,workdir=$W/registry/work" "$W/registry/data"

$IP link set lo up
$IP netns add hub
$IP -n hub link set lo up
$IP -n hub link add lab0 type bridge
$IP -n hub addr add 10.77.0.10/24 dev lab0
$IP -n hub addr add fd77::10/64 dev lab0 nodad 2> /dev/null || echo 'no IPv6 on this machine'
$IP -n hub link set lab0 up

touch "$W/init-ready"
# Bash reaps what is orphaned here; it ends only with the namespace.
trap : TERM INT HUP
while :; do
  sleep infinity &
  wait $! || :
done
