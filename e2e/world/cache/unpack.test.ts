import { expect, it } from 'vitest';
import { directiveLines } from './parts/go-module.ts';
import { isLibrary, upstreamVersion } from './unpack.ts';

it('CACHE-5: a Debian version is reduced to the upstream one', () => {
  const packages = ['2:1.27~1', '28.5.2+dfsg4-1', '2.3.4-2+b1', '18.6'].map((version, i) => ({
    name: `p${i}`,
    version,
    file: '',
  }));
  expect(packages.map((p) => upstreamVersion(packages, p.name))).toEqual(['1.27', '28.5.2', '2.3.4', '18.6']);
  expect(upstreamVersion(packages, 'absent')).toBe('');
});

it('CACHE-6: libraries are taken, Perl and programs are not', () => {
  const taken = ['libc6', 'zlib1g', 'libperl5.42', 'perl-base', 'debconf'].filter((name) =>
    isLibrary({ name, version: '', file: '' }),
  );
  expect(taken).toEqual(['libc6', 'zlib1g']);
});

it('CACHE-7: excludes of a go.mod are read from lines and blocks, without comments', () => {
  const goMod = `module x\n\ngo 1.26\n\nrequire a v1.0.0\n\nexclude (\n\t// a reason\n\tb v1.0.0\n\tc v2.0.0 // another\n)\n\nexclude d v3.0.0\n`;
  expect(directiveLines(goMod, 'exclude')).toEqual(['b v1.0.0', 'c v2.0.0', 'd v3.0.0']);
});
