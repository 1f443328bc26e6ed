/**
 * crowd: a process that is many nodes. Each dials the core with keys of its own, greets it and stays; whenever its
 * connection ends it dials again within a second. Told by a file, and it says `up N of M` each time that all are there.
 */
import { readFileSync } from 'node:fs';
import type { Crowd } from './crowd-file.ts';
import { dialLink, helloOf } from './link-of-node.ts';

const { place, trustHead, members } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Crowd;
const AGAIN_MS = 1_000;
let up = 0;

for (const member of members) {
  const dial = (): void => {
    const socket = dialLink(place, member);
    let isUp = false;
    socket.on('open', () => socket.send(helloOf(member.nodeId, trustHead)));
    // The core has taken the greeting when it has said a first word.
    socket.once('message', () => {
      isUp = true;
      if (++up === members.length) console.log(`up ${up} of ${members.length}`);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      if (isUp) up--;
      setTimeout(dial, Math.random() * AGAIN_MS);
    });
  };
  dial();
}
