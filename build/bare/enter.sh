#!/bin/bash
# Enters the root R and runs the command there with nothing of this machine's environment but BARE_ENV. Needs a mount
# namespace of its own. pivot_root, not chroot: an engine started inside a chroot leaks the machine's root into every exec.
set -e
: "${R:?}"
mount --make-rprivate /
mount --bind "$R" "$R"
mkdir -p "$R"/{proc,sys,dev,run,tmp,.old}
mount -t proc proc "$R/proc"
mount --rbind /sys "$R/sys"
mount --rbind /dev "$R/dev"
mount -t tmpfs -o mode=755 tmpfs "$R/run"
cd "$R"
pivot_root . .old
cd /srv/overseer
umount -l /.old
# Not exec: this shell is process 1 in there, and someone must reap what loses its parent.
# shellcheck disable=SC2086
/usr/bin/env -i HOME=/root LANG=C.UTF-8 \
  PATH=/opt/node/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin $BARE_ENV "$@"
exit $?
