#!/bin/sh
# As the public image: flags and sub-commands may be given without the program's name.
set -e
case "$1" in -*) set -- traefik "$@" ;; esac
if traefik "$1" --help >/dev/null 2>&1 && [ "$1" != traefik ]; then set -- traefik "$@"; fi
exec "$@"
