#!/bin/sh
# gosu USER COMMAND…, by setpriv.
set -e
user=$1
shift
exec setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"
