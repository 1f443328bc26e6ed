import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const units = readdirSync('build/units').filter((name) => name.endsWith('.service'));
const text = (name: string) => readFileSync(`build/units/${name}`, 'utf8');
const usage = ['agent/core/main.ts', 'agent/node/main.ts'].map((file) => readFileSync(file, 'utf8')).join('\n');

describe('the service units', () => {
  it.each(units)('%s starts a command that the program has', (name) => {
    const [, role, verb] = /^ExecStart=\S+node (?:--\S+ )*\S+overseer\.mjs (core|node) (\S+)$/m.exec(text(name)) ?? [];
    expect(usage).toContain(`overseer ${role} ${verb}`);
  });

  it('P3, P7: secrets are in memory before Docker starts', () => {
    const unit = text('overseer-node-secrets.service');
    expect(unit).toMatch(/^Before=docker\.service$/m);
    expect(unit).toMatch(/^Type=oneshot$/m);
    expect(unit).toMatch(/^WantedBy=.*docker\.service/m);
  });

  it('A8-35: the core’s own memory ends well below where the machine would end it', () => {
    const unit = text('overseer-core.service');
    const heapMb = Number(/^ExecStart=.* --max-old-space-size=(\d+) /m.exec(unit)?.[1]);
    const mostMb = Number(/^MemoryMax=(\d+)G$/m.exec(unit)?.[1]) * 1_024;
    expect(heapMb).toBeGreaterThan(0);
    expect(mostMb).toBeGreaterThanOrEqual(2 * heapMb);
  });

  it('the agent sees the machine’s own mounts, where containers look for the memory files', () => {
    for (const name of units.filter((unit) => unit.includes('node'))) {
      expect(text(name)).not.toMatch(/^(PrivateTmp|ProtectSystem|ProtectHome|PrivateMounts)=(yes|true|strict|full)$/m);
    }
  });
});
