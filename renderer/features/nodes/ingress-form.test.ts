import { describe, expect, it } from 'vitest';
import { checkIngress, parsePort, rankAddresses, splitAddresses } from './ingress-form.ts';

const form = {
  email: 'me@example.com',
  plainHttp: false,
  httpPort: '80',
  httpsPort: '443',
  addresses: '203.0.113.7',
  caServer: '',
  caCertificates: '',
};

describe('the form for an ingress', () => {
  it('takes what is usual', () => {
    expect(checkIngress(form)).toEqual({});
  });

  it.each(['', 'me', 'me@host', 'a b@example.com'])('refuses %j as an email address', (email) => {
    expect(checkIngress({ ...form, email })).toEqual({ email: 'email' });
    expect(checkIngress({ ...form, email, plainHttp: true })).toEqual({});
  });

  it('wants two different ports', () => {
    expect(checkIngress({ ...form, httpPort: '0', httpsPort: 'x' })).toEqual({ httpPort: 'port', httpsPort: 'port' });
    expect(checkIngress({ ...form, httpPort: '8080', httpsPort: '8080' })).toEqual({ httpsPort: 'same-port' });
    expect(parsePort('65536')).toBeUndefined();
    expect(parsePort(' 8080 ')).toBe(8_080);
  });

  it('takes addresses and names, at most eight', () => {
    expect(checkIngress({ ...form, addresses: '203.0.113.7, 2001:db8::1 home.example.com' })).toEqual({});
    expect(checkIngress({ ...form, addresses: '' })).toEqual({});
    expect(checkIngress({ ...form, addresses: '203.0.113' })).toEqual({ addresses: 'address' });
    const nine = Array.from({ length: 9 }, (_, i) => `192.0.2.${i}`).join(' ');
    expect(checkIngress({ ...form, addresses: nine })).toEqual({ addresses: 'too-many' });
  });

  it('wants an https address for another authority', () => {
    expect(checkIngress({ ...form, caServer: 'http://ca.lan/dir' })).toEqual({ caServer: 'url' });
    expect(checkIngress({ ...form, caServer: 'https://ca.lan/dir' })).toEqual({});
  });
});

it('addresses are split and each counts once', () => {
  expect(splitAddresses(' 192.0.2.1,192.0.2.2;192.0.2.1 ')).toEqual(['192.0.2.1', '192.0.2.2']);
});

it('addresses of a server come public first, without those that nobody else reaches', () => {
  const found = rankAddresses(['127.0.0.1', '192.168.1.4', '2a00::1', '8.8.8.8', 'fe80::1', '::1', 'eth0']);
  expect(found).toEqual([
    { address: '8.8.8.8', isPublic: true },
    { address: '2a00::1', isPublic: true },
    { address: '192.168.1.4', isPublic: false },
  ]);
});
