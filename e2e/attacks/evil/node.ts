/**
 * evil-node: a process with the keys of a node that does what no node may: it answers every message by telling the core
 * what lies on its disk. The probe that looks for such words is proven by it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dialLink, helloOf } from './link-of-node.ts';

const [host = '', port = '', disk = '', nodeId = ''] = process.argv.slice(2);
const identity = readFileSync(join(disk, 'identity.json'), 'utf8');
const { tlsKey: key, tlsCert: cert } = JSON.parse(identity) as { tlsKey: string; tlsCert: string };
const socket = dialLink({ host, port: Number(port) }, { key, cert });
socket.on('open', () => socket.send(helloOf(nodeId)));
socket.on('message', () => socket.send(JSON.stringify({ type: 'told', what: identity })));
socket.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
