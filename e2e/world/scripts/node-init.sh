#!/bin/bash
# The first process of a node, in mount and pid namespaces of its own and the node's network namespace: enters the
# engine root under an overlay (the cache is never written) and waits. Its end is the node's power cut.
# By pivot_root, never chroot: an engine inside a chroot runs every exec in the machine's root.
# In: N (the node's folder), ROOT (the cached root), PRODUCT, NODE_DIR, PLUGINS (folders shown read-only), NAME,
#     STATE_MB (size of /var/lib/overseer when it is to be a small disk).
set -e
: "${N:?}" "${ROOT:?}" "${PRODUCT:?}" "${NODE_DIR:?}" "${PLUGINS:?}" "${NAME:?}"
R=$N/root
mount --make-rprivate /
hostname "$NAME"
mount -t overlay overlay -o "lowerdir=$ROOT,upperdir=$N/up,workdir=$N/work" "$R"
mount -t proc proc "$R/proc"
mount -t sysfs sysfs "$R/sys"
mount --rbind /sys/fs/cgroup "$R/sys/fs/cgroup"
mount --rbind /dev "$R/dev"
mount -t tmpfs -o mode=1777 tmpfs "$R/dev/shm"
mount -t tmpfs -o mode=755 tmpfs "$R/run"
mkdir -p "$R"/opt/{overseer,node} "$R/usr/local/lib/docker/cli-plugins" "$R/var/lib/overseer" "$R/var/lib/docker" "$R/.old"
mount --bind "$N/docker" "$R/var/lib/docker"
if [ -n "$STATE_MB" ]; then
  mount -t tmpfs -o "mode=755,size=${STATE_MB}m" tmpfs "$R/var/lib/overseer"
else
  mount --bind "$N/overseer" "$R/var/lib/overseer"
fi
show() {
  mount --bind "$1" "$2"
  mount -o remount,bind,ro "$2"
}
show "$PRODUCT" "$R/opt/overseer"
show "$NODE_DIR" "$R/opt/node"
show "$PLUGINS" "$R/usr/local/lib/docker/cli-plugins"
rm -f "$R/etc/resolv.conf"
printf 'nameserver 10.77.0.10\noptions timeout:1 attempts:3\n' > "$R/etc/resolv.conf"
echo "$NAME" > "$R/etc/hostname"
touch "$N/init-ready"
cd "$R"
pivot_root . .old
cd /
exec /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /usr/bin/bash -c '
umount -l /.old
rmdir /.old
: > /run/booted
trap : TERM INT HUP
while :; do
  sleep infinity &
  wait $! || :
done'
