/**
 * A look from outside the product, run as a process of its own in the hub: reads one request as JSON from standard
 * input, writes one answer as JSON. `https` and `http` do one request without following redirects, `dns` one question.
 */
import { createSocket } from 'node:dgram';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import dnsPacket from 'dns-packet';
import type { DnsAnswer, HttpAnswer, ProbeRequest } from './probe-types.ts';

async function readInput(): Promise<ProbeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as ProbeRequest;
}

function askHttp(q: Extract<ProbeRequest, { kind: 'http' }>): Promise<HttpAnswer> {
  const send = q.url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const request = send(
      q.url,
      {
        method: q.method ?? 'GET',
        headers: q.headers ?? {},
        timeout: q.timeoutMs ?? 15_000,
        ...(q.ca ? { ca: q.ca } : {}),
        ...(q.servername ? { servername: q.servername } : {}),
        ...(q.family ? { family: q.family } : {}),
      },
      (response) => {
        const chunks: Buffer[] = [];
        // Read now: a kept-alive socket is taken off the response when that ends.
        const certificate = (response.socket as Partial<TLSSocket>).getPeerCertificate?.();
        response.on('data', (b: Buffer) => chunks.push(b));
        response.on('end', () => {
          resolve({
            ok: true,
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
            ...(certificate?.subject
              ? {
                  certificate: {
                    subject: String(certificate.subject.CN ?? ''),
                    names: certificate.subjectaltname ?? '',
                    issuer: String(certificate.issuer.CN ?? ''),
                    notAfter: certificate.valid_to,
                  },
                }
              : {}),
          });
        });
      },
    );
    request.on('timeout', () => request.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })));
    request.on('error', (e: NodeJS.ErrnoException) =>
      resolve({ ok: false, error: e.code ?? e.name, message: e.message }),
    );
    request.end(q.body);
  });
}

function askDns(q: Extract<ProbeRequest, { kind: 'dns' }>): Promise<DnsAnswer> {
  const socket = createSocket('udp4');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no DNS answer from ${q.server}`)), q.timeoutMs ?? 5000);
    socket.on('message', (bytes) => {
      clearTimeout(timer);
      socket.close();
      const packet = dnsPacket.decode(bytes) as dnsPacket.DecodedPacket & { rcode?: string };
      const answers = (packet.answers ?? []).map((a) => ({
        name: a.name,
        type: a.type,
        data: readable('data' in a ? a.data : ''),
      }));
      resolve({ rcode: packet.rcode ?? 'NOERROR', answers });
    });
    const flags = dnsPacket.RECURSION_DESIRED;
    const questions = [{ name: q.name, type: q.type as dnsPacket.RecordType }];
    socket.send(
      dnsPacket.encode({ type: 'query', id: Math.floor(Math.random() * 65_536), flags, questions }),
      53,
      q.server,
    );
  });
}

function readable(data: unknown): string {
  if (Array.isArray(data)) return Buffer.concat(data.map((d) => Buffer.from(d as string))).toString();
  return typeof data === 'string' ? data : JSON.stringify(data);
}

const question = await readInput();
process.stdout.write(JSON.stringify(question.kind === 'dns' ? await askDns(question) : await askHttp(question)));
