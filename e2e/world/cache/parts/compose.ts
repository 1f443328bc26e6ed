import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageLists } from '../apt.ts';
import { goNeeds, goRun } from '../go.ts';
import type { Part } from '../part.ts';
import { directiveLines, writeWrapperModule } from './go-module.ts';

const version = 'v5.6.0';
const module = 'github.com/docker/compose/v5';

/** Docker Compose v5 as a CLI plugin: `docker-compose` in the part's folder. */
export const compose: Part = {
  id: 'compose',
  version: `${version}-1`,
  needs: goNeeds(packageLists),
  check: 'docker-compose',
  make: async (into) => {
    const work = `${into}.src`;
    const wrapper = { module, version, imports: `${module}/cmd`, directives: [] };
    const source = await writeWrapperModule('compose', work, wrapper);
    const excluded = directiveLines(readFileSync(join(source, 'go.mod'), 'utf8'), 'exclude').map((l) => `exclude ${l}`);
    writeFileSync(join(work, 'go.mod'), `${readFileSync(join(work, 'go.mod'), 'utf8')}${excluded.join('\n')}\n`);
    const ldflags = `-s -w -X ${module}/internal.Version=${version}`;
    const output = join(into, 'docker-compose');
    await goRun('compose', work, [
      'build',
      '-mod=mod',
      '-trimpath',
      '-ldflags',
      ldflags,
      '-o',
      output,
      `${module}/cmd`,
    ]);
    rmSync(work, { recursive: true });
  },
};
