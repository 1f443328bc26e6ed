import { describe, expect, it } from 'vitest';
import { linesUsing, looksSecret, secretNameFor } from './secret-name.ts';

describe('a plain variable that looks like a secret', () => {
  it.each([
    ['POSTGRES_PASSWORD', 'hunter2'],
    ['API_TOKEN', 'abc'],
    ['APIKEY', 'abc'],
    ['smtp_pass', 'abc'],
    ['SECRET_KEY_BASE', 'abc'],
    ['DATABASE_URL', 'postgres://app:hunter2@db/app'],
    ['KEY', '-----BEGIN EC PRIVATE KEY-----\nx'],
  ])('%s is one', (key, value) => {
    expect(looksSecret(key, value)).toBe(true);
  });

  it.each([
    ['TZ', 'UTC'],
    ['POSTGRES_PASSWORD_FILE', '/run/secrets/x'],
    ['TOKEN_TTL', '3600'],
    ['POSTGRES_PASSWORD', ''],
    ['DB_PASSWORD', `\${OTHER}`],
    ['DATABASE_URL', 'postgres://db/app'],
    ['COMPASS', 'north'],
  ])('%s=%s is none', (key, value) => {
    expect(looksSecret(key, value)).toBe(false);
  });
});

describe('the name of a secret made of a variable', () => {
  it('is lower case, and not one that is taken', () => {
    expect(secretNameFor('POSTGRES_PASSWORD', [])).toBe('postgres_password');
    expect(secretNameFor('_TOKEN', ['token', 'token-2'])).toBe('token-3');
    expect(secretNameFor('___', [])).toBe('secret');
  });
});

describe('where a variable is used', () => {
  it('finds both ways to write it, and not a longer name nor an escaped dollar', () => {
    const compose = [
      `a: \${PASS}`,
      'b: $PASS',
      `c: \${PASS:-x}`,
      `d: \${PASSWORD}`,
      'e: $PASSWORD',
      `f: $\${PASS}`,
    ].join('\n');
    expect(linesUsing(compose, 'PASS')).toEqual([1, 2, 3]);
  });
});
