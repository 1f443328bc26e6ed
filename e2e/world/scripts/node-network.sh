#!/bin/bash
# The network of one node: a namespace with one address on the hub's bridge. `up` replaces what a dead node left.
# In: IP (the command that runs `ip`), NODE (its name), NUMBER (its last address byte).
set -e
: "${IP:?}" "${NODE:?}" "${NUMBER:?}"
$IP netns del "$NODE" 2> /dev/null || :
$IP -n hub link del "v-$NODE" 2> /dev/null || :
$IP netns add "$NODE"
$IP -n "$NODE" link set lo up
$IP -n "$NODE" link add eth0 type veth peer name "v-$NODE" netns hub
$IP -n hub link set "v-$NODE" master lab0 up
$IP -n "$NODE" addr add "10.77.0.$NUMBER/24" dev eth0
$IP -n "$NODE" addr add "fd77::$NUMBER/64" dev eth0 nodad 2> /dev/null || :
$IP -n "$NODE" link set eth0 up
$IP -n "$NODE" route add default via 10.77.0.10
