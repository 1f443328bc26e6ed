import { describe, expect, it } from 'vitest';
import { completeCompose } from './complete-compose.ts';
import { findPlace, namesBelow } from './compose-place.ts';

const names = { secrets: ['db-password'], variables: ['TZ', 'PORT'] };

/** Offers at the mark `|` of a text. */
function offersAt(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const found = completeCompose(text, offset, names);
  return found === null ? null : { labels: found.offers.map((offer) => offer.label), ...found };
}

const file = `services:
  web:
    image: nginx
    depends_on:
      - |
  db:
    image: postgres
volumes:
  data: {}
`;

describe('what is offered in a Compose file', () => {
  it('keys at the top that are not there yet', () => {
    const labels = offersAt('services:\n  web: {}\n|')?.labels;
    expect(labels).toContain('volumes');
    expect(labels).not.toContain('services');
    expect(labels).not.toContain('include');
  });

  it('keys of a service, none that the gates refuse, none that stand there', () => {
    const labels = offersAt('services:\n  web:\n    image: x\n    re|\n    init: true\n')?.labels;
    expect(labels).toContain('restart');
    expect(labels).not.toContain('image');
    expect(labels).not.toContain('init');
    for (const refused of ['build', 'container_name', 'pid', 'volumes_from', 'use_api_socket'])
      expect(labels).not.toContain(refused);
  });

  it('replaces what was typed of it', () => {
    const marked = 'services:\n  web:\n    resta|';
    expect(offersAt(marked)?.from).toBe(marked.indexOf('resta'));
  });

  it('values behind a colon', () => {
    expect(offersAt('services:\n  web:\n    restart: |')?.labels[0]).toBe('unless-stopped');
    expect(offersAt('services:\n  a:\n    depends_on:\n      b:\n        condition: service_h|')?.labels).toContain(
      'service_healthy',
    );
    expect(offersAt('services:\n  web:\n    image: |')).toBeNull();
  });

  it('names of services, volumes and secrets where they belong', () => {
    expect(offersAt(file)?.labels).toEqual(['web', 'db']);
    const volume = offersAt('services:\n  db:\n    volumes:\n      - |\nvolumes:\n  data:\n  cache:\n');
    expect(volume?.labels.filter((label) => ['data', 'cache'].includes(label))).toEqual(['data', 'cache']);
    expect(volume?.offers.find((offer) => offer.label === 'data')?.insert).toBe('data:');
    expect(offersAt('services:\n  db:\n    secrets:\n      - |')?.labels).toContain('db-password');
    expect(offersAt('secrets:\n  |')?.labels).toEqual(['db-password']);
  });

  it('takes a list at the column of its key for what it is', () => {
    expect(
      offersAt('services:\n  web:\n    image: x\n    depends_on:\n    - |\n  db:\n    image: y\n')?.labels,
    ).toEqual(['web', 'db']);
  });

  it('keys of a mapping inside a list', () => {
    const labels = offersAt('services:\n  db:\n    volumes:\n      - type: volume\n        so|\n')?.labels;
    expect(labels).toContain('source');
    expect(labels).not.toContain('type');
  });

  it(`variables of the app inside \${`, () => {
    const found = offersAt(`services:\n  web:\n    environment:\n      ZONE: \${T|`);
    expect(found?.labels).toEqual(['TZ', 'PORT']);
    expect(found?.offers[0]?.insert).toBe('TZ}');
    expect(offersAt(`a: "\${|}"`)?.offers[0]?.insert).toBe('TZ');
  });

  it('nothing in comments, quotes, blocks of text and free mappings', () => {
    expect(offersAt('services: # re|')).toBeNull();
    expect(offersAt('services:\n  web:\n    command: "re|')).toBeNull();
    expect(offersAt('configs:\n  a:\n    content: |\n      re')).toBeNull();
    expect(completeCompose('configs:\n  a:\n    content: |\n      re', 38, names)).toBeNull();
    expect(offersAt('services:\n  web:\n    environment:\n      A|')).toBeNull();
  });

  it('begins a mapping or a list where one follows', () => {
    const offers = offersAt('services:\n  web:\n    |')?.offers ?? [];
    const insertOf = (label: string) => offers.find((offer) => offer.label === label)?.insert;
    expect(insertOf('healthcheck')).toBe('healthcheck:\n      ');
    expect(insertOf('volumes')).toBe('volumes:\n      - ');
    expect(insertOf('image')).toBe('image: ');
  });
});

describe('the place of a cursor', () => {
  it('is found in a file that is only half typed', () => {
    const text = 'services:\n  web:\n    image: x\n  db:\n    depends_on:\n      web:\n        con';
    expect(findPlace(text, text.length)?.path).toEqual(['services', 'db', 'depends_on', 'web']);
    expect(findPlace('', 0)).toMatchObject({ path: [], kind: 'key' });
  });

  it('names below a key are those of its first level', () => {
    expect(
      namesBelow('services:\n    a:\n        image: x\n    "b":\n        image: y\nvolumes:\n    v:\n', 'services'),
    ).toEqual(['a', 'b']);
  });
});
