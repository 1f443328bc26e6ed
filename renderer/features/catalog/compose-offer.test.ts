import { describe, expect, it } from 'vitest';
import { readComposeOffer } from './compose-offer.ts';

const empty = { services: [], secrets: [], variables: [] };

describe('what a Compose file offers', () => {
  it('names services with their image and ports, the likeliest for HTTP first', () => {
    const offer = readComposeOffer(`
services:
  web:
    image: nginx:1
    ports: ["127.0.0.1:9443:9443", "80:8080/tcp", { target: 3000, published: 1 }]
    expose: [9443]
  db:
    image: postgres:18
`);
    expect(offer.services).toEqual([
      { name: 'web', image: 'nginx:1', ports: [8080, 3000, 9443] },
      { name: 'db', image: 'postgres:18', ports: [] },
    ]);
  });

  it('leaves out ports that no HTTP can use', () => {
    const offer = readComposeOffer('services: { a: { image: x, expose: ["53/udp", "70000", "1-5", word] } }');
    expect(offer.services[0]?.ports).toEqual([]);
  });

  it('gathers each secret with all its uses', () => {
    const offer = readComposeOffer(`
services:
  web: { image: a, secrets: [db_password] }
  db: { image: b, secrets: [{ source: db_password, target: /etc/pw }] }
`);
    expect(offer.secrets).toEqual([
      {
        name: 'db_password',
        uses: [
          { as: 'file', service: 'web', path: '/run/secrets/db_password' },
          { as: 'file', service: 'db', path: '/etc/pw' },
        ],
      },
    ]);
  });

  it('names variables that have no default', () => {
    const variable = (name: string) => `\${${name}}`;
    const text = `services: { a: { image: "x:${variable('TAG:-1')}", environment: { A: "${variable('TOKEN')}", B: "$$HOME" } } }`;
    expect(readComposeOffer(text).variables).toEqual(['TOKEN']);
  });

  it.each(['', 'services: [', '- a', 'services: { a: *gone }', 'services: { a: { secrets: [null] } }', 'a: b'])(
    'is empty for %j',
    (text) => {
      expect(readComposeOffer(text)).toEqual(empty);
    },
  );
});
