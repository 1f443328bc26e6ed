/** Every package we depend on has its line in the ADR about dependencies, and every line there a package. */
import { readFileSync } from 'node:fs';
import { report } from './report.ts';

const adr = 'docs/adr/0014-dependencies.md';
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string> | undefined>;
const wanted = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
const reasons = new Set([...readFileSync(adr, 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? ''));

report(
  [
    ...wanted
      .filter((name) => !reasons.has(name))
      .map((name) => `${name} is in package.json but has no line in ${adr}`),
    ...[...reasons]
      .filter((name) => !wanted.includes(name))
      .map((name) => `${name} has a line in ${adr} but is not used`),
    ...Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter(([, version]) => !/^(npm:[^@]+@|npm:@[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${name} is not pinned to one version: ${version}`),
  ],
  `Add a row "| \`name\` | what for | why this one |" to ${adr}.`,
);
