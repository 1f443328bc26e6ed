#!/bin/sh
# The entry point of the lab's redis image, taking arguments as the public image does.
set -e
case "$1" in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ]; then
  if [ "$(id -u)" = 0 ]; then
    find . \! -user redis -exec chown redis '{}' +
    exec gosu redis "$0" "$@"
  fi
  shift
  config=
  case "${1-}" in *.conf | /*) config=$1; shift ;; esac
  # The public image is built without protected mode; here it is a setting that later arguments may change.
  set -- redis-server ${config:+"$config"} --protected-mode no "$@"
  umask 0077
fi
exec "$@"
