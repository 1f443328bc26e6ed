/**
 * flood: a process that opens many connections to a core and does nothing of use with them. Told by its argument, and it
 * says `open N of M` when they stand. It holds them until it is ended,
 * and opens each anew that is taken from it.
 */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Flood } from './flood-kinds.ts';

const { host, port, count, kind } = JSON.parse(process.argv[2] ?? '') as Flood;
const REOPEN_MS = 1_000;
const sockets = new Set<Socket>();
let stand = 0;
let ended = 0;

for (let index = 0; index < count; index++) open();
const said = setInterval(() => {
  if (stand + ended < count) return;
  clearInterval(said);
  console.log(`open ${stand} of ${count}`);
}, 50);

function open(): void {
  const socket = kind === 'slow-read' ? connectTls({ host, port, rejectUnauthorized: false }) : connect(port, host);
  sockets.add(socket);
  let stood = false;
  socket.once(kind === 'slow-read' ? 'secureConnect' : 'connect', () => {
    stood = true;
    stand++;
    if (kind === 'slow-tls') drip(socket);
    if (kind === 'slow-read') {
      // Asks for the whole bundle again and again, and takes nothing of it.
      socket.pause();
      const ask = `GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
      socket.write(ask.repeat(100));
    }
  });
  socket.on('error', () => undefined);
  socket.once('close', () => {
    sockets.delete(socket);
    if (stood) setTimeout(open, REOPEN_MS);
    else ended++;
  });
}

/** The first bytes of a greeting, one each second. */
function drip(socket: Socket): void {
  const greeting = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]);
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= greeting.length) return clearInterval(timer);
    socket.write(greeting.subarray(at, ++at));
  }, 1_000);
}
