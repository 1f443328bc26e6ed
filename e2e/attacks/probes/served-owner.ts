import { readdirSync } from 'node:fs';
import { connect } from 'node:tls';
import type { Running } from '#world/world.ts';
import type { Verdict } from '../row.ts';
import { type FleetStage, HTTP_PORT } from '../world/fleet-world.ts';
import { residentMb } from './resident-memory.ts';

/** Beyond this an owner no longer works with his fleet, in milliseconds: a command starts a program and takes a second by itself. */
const PATIENCE_MS = 15_000;
/** In MB: V8's share by the core's unit and what TLS needs beside it, well below the MemoryMax at which systemd ends the core. */
const MOST_MEMORY_MB = 800;
/** Files and connections that the core holds open; a flood wants more, until there are none left for its owner. */
const MOST_OPEN = 3_000;
const COMMANDS = 3;
const QUESTIONS = 200;

/** Whether an owner can no longer work: what he asks does not end well in time, or the core swells or ends. */
export async function isDown(stage: FleetStage, core: Running): Promise<Verdict> {
  const owner = stage.owner();
  const took: number[] = [];
  for (let time = 0; time < COMMANDS; time++) {
    const from = performance.now();
    const answer = await owner.cli(['jobs', 'list', '--json'], { timeoutMs: PATIENCE_MS });
    if (answer.code !== 0)
      return { took: true, saw: `a command of the owner ended with ${answer.code}: ${answer.stderr}` };
    took.push(performance.now() - from);
  }
  const asked: number[] = [];
  for (let time = 0; time < QUESTIONS; time++) {
    const from = performance.now();
    if (!(await asks(stage.disks.host))) return { took: true, saw: `question ${time + 1} was not answered` };
    asked.push(performance.now() - from);
  }
  if (!core.isRunning()) return { took: true, saw: 'the core has ended' };
  const memory = residentMb(core.pid);
  const open = readdirSync(`/proc/${core.pid}/fd`).length;
  const p99 = asked.toSorted((a, b) => a - b)[Math.floor(QUESTIONS * 0.99) - 1] ?? 0;
  const isSlow = p99 > PATIENCE_MS;
  const saw = `slowest command ${Math.round(Math.max(...took))} ms, a question on a new connection at most ${Math.round(p99)} ms in 99 of 100, core ${Math.round(memory)} MB with ${open} open`;
  return { took: isSlow || memory > MOST_MEMORY_MB || open > MOST_OPEN, saw };
}

/** A connection that asks as browsers do, and is answered. */
export function asks(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: HTTP_PORT, rejectUnauthorized: false }, () =>
      socket.write(`GET /api/core HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (part) => {
      text += String(part);
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(text.startsWith('HTTP/1.1 ')));
  });
}
