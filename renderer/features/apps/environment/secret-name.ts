const TELLING =
  /(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|ENCRYPTION_?KEY|CREDENTIALS?|_PASS|_PWD)($|_)/i;
/** Names that speak of a secret without being one: a path to it, how long it lives, how it is made. */
const ABOUT = /_(FILE|PATH|TTL|EXPIRY|EXPIRES|LIFETIME|LENGTH|ALGORITHM|NAME|ENABLED|URL|HOST|ID)$/i;
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Whether a plain variable looks like a secret, by its name or by what stands in it. */
export function looksSecret(key: string, value: string): boolean {
  if (value === '' || /^\$\{?[A-Za-z_]/.test(value)) return false;
  if (URL_WITH_PASSWORD.test(value) || PRIVATE_KEY.test(value)) return true;
  return TELLING.test(key) && !ABOUT.test(key);
}

/** A secret's name made of a variable's: lower case, at most 63 characters; never one that is taken. */
export function secretNameFor(key: string, taken: readonly string[]): string {
  const plain =
    key
      .toLowerCase()
      .replace(/[^a-z0-9_-]/g, '_')
      .replace(/^[_-]+/, '')
      .slice(0, 60) || 'secret';
  if (!taken.includes(plain)) return plain;
  for (let number = 2; ; number++) if (!taken.includes(`${plain}-${number}`)) return `${plain}-${number}`;
}

/** Lines of a Compose file, from 1, where a variable is put in. */
export function linesUsing(compose: string, key: string): number[] {
  const uses = new RegExp(`(^|[^$])(\\$\\$)*\\$(\\{${key}([}:?+-])|${key}(?![A-Za-z0-9_]))`);
  return compose.split('\n').flatMap((line, index) => (uses.test(line) ? [index + 1] : []));
}
