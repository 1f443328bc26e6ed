import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ensureParts } from '#world/cache/part.ts';
import { faultCommand, faultTools } from '#world/cache/parts/fault-tools.ts';
import { poll } from '#world/processes.ts';

const CALLS = 'write,writev,sendto,sendmsg,sendmmsg,read,readv,recvfrom,recvmsg';
/** A descriptor that leads to another process, as strace names it; files and pipes of a program's own are none. */
const SOCKET = /^\w+\(\d+<(?:TCP|TCPv6|UDP|UDPv6|UNIX|UNIX-STREAM|socket)[:<]/;
const TEXT = /"((?:\\x[0-9a-f]{2})*)"/g;

/** Writes down what these processes, and what they start, say and hear over sockets, as the kernel gets it. */
export async function tapSockets(pids: readonly number[], file: string): Promise<{ end(): Promise<Buffer> }> {
  await ensureParts([faultTools], () => undefined);
  const [program = '', ...words] = faultCommand('usr/bin/strace');
  const how = ['-f', '-qq', '-yy', '-xx', '-s', '1048576', '-e', `trace=${CALLS}`, '-e', 'signal=none', '-o', file];
  const child = spawn(program, [...words, ...how, ...pids.flatMap((pid) => ['-p', String(pid)])], { stdio: 'ignore' });
  const isTraced = (pid: number) => !/^TracerPid:\t0$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  const attached = await poll(() => (child.exitCode !== null ? false : pids.every(isTraced) || undefined));
  if (!attached) throw new Error(`strace could not hold on to ${pids.join(', ')}`);
  return {
    async end() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return readTap(file);
    },
  };
}

/** The bytes of every call on a socket. A call that another thread interrupts is told in two lines. */
async function readTap(file: string): Promise<Buffer> {
  const heard: Buffer[] = [];
  const interrupted = new Map<string, boolean>();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [, task = '', call = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const isSocket = call.startsWith('<... ') ? interrupted.get(task) === true : SOCKET.test(call);
    if (call.endsWith('<unfinished ...>')) interrupted.set(task, isSocket);
    if (isSocket)
      for (const [, hex = ''] of call.matchAll(TEXT)) heard.push(Buffer.from(hex.replaceAll('\\x', ''), 'hex'));
  }
  return Buffer.concat(heard);
}
