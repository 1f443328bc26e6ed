import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import dnsPacket from 'dns-packet';
import { answerQuestion, type ZoneRecord } from './zone.ts';

const authoritativeAnswer = 1 << 10;
const recursionAvailable = 1 << 7;
const truncatedResponse = 1 << 9;
const longestUdpBytes = 1232;
const rcodes = { NOERROR: 0, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 };

export type DnsServer = { close: () => Promise<void> };

/**
 * Serves `zones` over UDP and TCP on one address; records are asked for anew at each question, so a change counts at
 * once. `nameServerAddress` is the A record of ns.<zone>.
 */
export async function createDnsServer(
  at: { host: string; port: number },
  zones: readonly string[],
  records: () => readonly ZoneRecord[],
  nameServerAddress: string,
): Promise<DnsServer> {
  const own = zones.map((zone) => ({ zone, type: 'A', name: `ns.${zone}`, content: nameServerAddress, ttl: 300 }));
  const respond = (query: Buffer): Buffer | undefined => answerPacket(query, zones, [...own, ...records()]);

  const udp = createSocket(at.host.includes(':') ? 'udp6' : 'udp4');
  udp.on('message', (query, from) => {
    const reply = respond(query);
    if (reply) udp.send(reply.length > longestUdpBytes ? truncated(query) : reply, from.port, from.address);
  });
  const tcp = createServer((socket) => {
    let waiting = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
        const end = 2 + waiting.readUInt16BE(0);
        const reply = respond(waiting.subarray(2, end));
        waiting = waiting.subarray(end);
        if (!reply) return socket.destroy();
        const length = Buffer.alloc(2);
        length.writeUInt16BE(reply.length);
        socket.write(Buffer.concat([length, reply]));
      }
    });
  });
  await Promise.all([
    new Promise<void>((resolve, reject) => {
      udp.once('error', reject);
      udp.bind(at.port, at.host, resolve);
    }),
    new Promise<void>((resolve, reject) => {
      tcp.once('error', reject);
      tcp.listen(at.port, at.host, resolve);
    }),
  ]);
  return {
    close: async () => {
      await Promise.all([
        new Promise<void>((r) => udp.close(() => r())),
        new Promise<void>((r) => tcp.close(() => r())),
      ]);
    },
  };
}

function answerPacket(query: Buffer, zones: readonly string[], records: readonly ZoneRecord[]): Buffer | undefined {
  try {
    const packet = dnsPacket.decode(query);
    const question = packet.questions?.[0];
    if (packet.type !== 'query' || !question) return undefined;
    const reply = answerQuestion(zones, records, question.name, question.type);
    const flags = (reply.authoritative ? authoritativeAnswer : 0) | recursionAvailable | rcodes[reply.rcode];
    return dnsPacket.encode({
      type: 'response',
      id: packet.id ?? 0,
      flags,
      questions: [question],
      answers: reply.answers as dnsPacket.Answer[],
      authorities: reply.authorities as dnsPacket.Answer[],
    });
  } catch {
    // Not a DNS message: real servers drop it too.
    return undefined;
  }
}

function truncated(query: Buffer): Buffer {
  const packet = dnsPacket.decode(query);
  return dnsPacket.encode({
    type: 'response',
    id: packet.id ?? 0,
    flags: authoritativeAnswer | truncatedResponse,
    questions: packet.questions ?? [],
  });
}
