#!/bin/bash
# Runs a command in an unpacked root, under an overlay in memory (the cache is never written), with this machine's
# processes and the network and names it was started with. Needs a mount namespace of its own; keeps its process id.
#   ROOT=root SHOW='paths to show, one a line' HOME=home enter-root.sh COMMAND…
set -e
: "${ROOT:?}" "${HOME:?}"
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir -p /mnt/{up,work,root}
mount -t overlay overlay -o "lowerdir=$ROOT,upperdir=/mnt/up,workdir=/mnt/work" /mnt/root
R=/mnt/root
# A new one: the one seen here may be of another pid namespace, in which this process has no entry.
mount -t proc proc "$R/proc"
mount --rbind /sys "$R/sys"
mount --rbind /dev "$R/dev"
cat /etc/resolv.conf > "$R/etc/resolv.conf"
while IFS= read -r path; do
  [ -n "$path" ] || continue
  mkdir -p "$R$path"
  mount --bind "$path" "$R$path"
done <<< "$SHOW"
mkdir -p "$R/.old"
cd "$R"
pivot_root . .old
umount -l /.old
exec /usr/bin/env -i HOME="$HOME" LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
