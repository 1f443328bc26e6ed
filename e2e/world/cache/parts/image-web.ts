import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageLists } from '../apt.ts';
import { goNeeds, goRun } from '../go.ts';
import { type Part, partFolder } from '../part.ts';
import { baseRoot, busyboxBase, type ImageRecipe, imagePart, imageSource } from './image.ts';

const version = '1';

/** The lab's own test server as one static program: `web` in the part's folder. */
const webServer: Part = {
  id: 'web',
  version,
  needs: goNeeds(packageLists),
  check: 'web',
  make: async (into) => {
    await goRun('web', imageSource('web'), ['build', '-trimpath', '-ldflags', '-s -w', '-o', join(into, 'web'), '.']);
  },
};

const second = 1_000_000_000;
const health = {
  Test: ['CMD', '/web', 'health'],
  Interval: second,
  Timeout: second * 2,
  Retries: 2,
  StartPeriod: second,
};

/** From scratch: one program, no shell, no C library. */
function scratch(tag: string, env: readonly string[], more: Partial<ImageRecipe['config']> = {}): Part {
  return imagePart({
    id: `web-${tag}`,
    version,
    needs: [webServer],
    names: [`lab/web:${tag}`],
    config: {
      Entrypoint: ['/web'],
      Env: [`WEB_VERSION=${tag}`, ...env],
      ExposedPorts: { '8080/tcp': {} },
      Healthcheck: health,
      ...more,
    },
    layers: async (work) => {
      mkdirSync(join(work, 'root'));
      cpSync(join(partFolder(webServer), 'web'), join(work, 'root/web'));
      return [join(work, 'root')];
    },
  });
}

/** With a shell, started through it, as many public images are. */
const shell = imagePart({
  id: 'web-shell',
  version,
  needs: [webServer, busyboxBase],
  names: ['lab/web:shell'],
  config: {
    Entrypoint: ['/bin/sh', '-c', 'exec /web "$@"', 'sh'],
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'WEB_VERSION=shell'],
    ExposedPorts: { '8080/tcp': {} },
    Healthcheck: { ...health, Test: ['CMD-SHELL', 'wget -q -O /dev/null http://127.0.0.1:8080/healthz || exit 1'] },
  },
  layers: async (work) => {
    mkdirSync(join(work, 'root'));
    cpSync(join(partFolder(webServer), 'web'), join(work, 'root/web'));
    return [baseRoot(), join(work, 'root')];
  },
});

/** `lab/web` in all its tags; what each does stands in images/web/main.go. */
export const webImages: readonly Part[] = [
  scratch('1', []),
  scratch('2', []),
  scratch('3', []),
  scratch('nonroot', [], { User: '65532:65532' }),
  scratch('turns-bad', ['WEB_UNHEALTHY_AFTER_MS=4000']),
  scratch('never-healthy', ['WEB_UNHEALTHY_AFTER_MS=0']),
  scratch('exits', ['WEB_EXIT_AFTER_MS=500']),
  shell,
];
