import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageLists } from '../apt.ts';
import { goNeeds, goRun } from '../go.ts';
import type { Part } from '../part.ts';
import { downloadModule, writeWrapperModule } from './go-module.ts';

const version = '3.7.13';
const module = 'github.com/traefik/traefik/v3';
const lego = { module: 'github.com/go-acme/lego/v5', version: 'v5.4.1' };
/** The DNS providers kept; the others need modules that not every proxy serves. */
const dnsProviders = ['cloudflare', 'exec', 'httpreq'];

const directives = [
  `require ${lego.module} ${lego.version}`,
  // Traefik's own nested module is not published by itself; the two types it has are empty.
  'replace github.com/traefik/traefik/dynamic/ext => ./ext',
  `replace ${lego.module} => ./lego`,
  'replace github.com/abbot/go-http-auth => github.com/containous/go-http-auth v0.4.1-0.20200324110947-a37a7636d23e',
  'replace github.com/gorilla/mux => github.com/containous/mux v0.0.0-20250523120546-41b6ec3aed59',
  'exclude github.com/tencentcloud/tencentcloud-sdk-go v3.0.83+incompatible',
];

/** Traefik built from its Go module: `traefik` (static) in the part's folder. */
export const traefik: Part = {
  id: 'traefik',
  version: `${version}-1`,
  needs: goNeeds(packageLists),
  check: 'traefik',
  make: async (into) => {
    const work = `${into}.src`;
    await writeWrapperModule('traefik', work, {
      module,
      version: `v${version}`,
      imports: `${module}/pkg/cli`,
      directives,
    });
    writeExtModule(join(work, 'ext'));
    await copyLego(join(work, 'lego'), join(work, 'lego-download'));
    const ldflags = `-s -w -X ${module}/pkg/version.Version=${version}`;
    const output = join(into, 'traefik');
    // Without CGO_ENABLED=0 (set by goRun) it does not start in an image without a C library.
    await goRun('traefik', work, [
      'build',
      '-mod=mod',
      '-trimpath',
      '-ldflags',
      ldflags,
      '-o',
      output,
      `${module}/cmd/traefik`,
    ]);
    rmSync(work, { recursive: true });
  },
};

function writeExtModule(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'go.mod'), 'module github.com/traefik/traefik/dynamic/ext\n\ngo 1.26\n');
  const types = ['HTTP', 'Router'].map((t) => `// ${t} carries no extension.\ntype ${t} struct{}\n`);
  writeFileSync(join(folder, 'ext.go'), `package ext\n\n${types.join('\n')}`);
}

async function copyLego(folder: string, work: string): Promise<void> {
  const source = await downloadModule('traefik', work, lego.module, lego.version);
  cpSync(source, folder, { recursive: true });
  rmSync(work, { recursive: true });
  const imports = dnsProviders.map((p) => `\t"${lego.module}/providers/dns/${p}"`);
  const cases = dnsProviders.map((p) => `\tcase "${p}":\n\t\treturn ${p}.NewDNSProvider()`);
  const go = [
    'package dns',
    '',
    'import (',
    '\t"fmt"',
    '',
    `\t"${lego.module}/challenge"`,
    ...imports,
    ')',
    '',
    '// NewDNSChallengeProviderByName knows the providers that the lab uses.',
    'func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {',
    '\tswitch name {',
    ...cases,
    '\tdefault:',
    '\t\treturn nil, fmt.Errorf("unrecognized DNS provider: %s", name)',
    '\t}',
    '}',
    '',
  ];
  const file = join(folder, 'providers/dns/zz_gen_dns_providers.go');
  rmSync(file, { force: true });
  writeFileSync(file, go.join('\n'));
}
