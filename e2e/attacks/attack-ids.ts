/** The attacks that `npm run attacks` must have run, by their number in the list of attacks, and what each is in a few words. */
export const attackTitles: Readonly<Record<number, string>> = {
  1: 'replay a signed command',
  2: 'roll back to an older signed release',
  3: 'roll back by wiping the state of a node',
  4: 'freeze: withhold what is new',
  5: 'jump the number of a release far ahead',
  6: 'deliver to another node',
  7: 'forge a signature',
  8: 'write the same JSON in another way',
  9: 'too few owners, or one of them twice',
  10: 'use a stolen join token',
  11: 'show a false genesis to a joining node',
  12: 'go on with a revoked device',
  13: 'a revoked device lets itself in again',
  14: 'connect with the wrong key or none',
  15: 'a certificate that has ended while offline',
  16: 'turn the clock',
  17: 'reorder, drop, repeat, or tell two histories',
  18: 'ask a node for secrets, a terminal or files of the host',
  19: 'names and paths that leave the stack',
  20: 'YAML bombs and YAML that hides',
  21: 'privileges in a stack',
  22: 'move an image tag after it was signed',
  23: 'inject into the Traefik file',
  25: 'pollute prototypes by JSON',
  26: 'escape sequences in names and logs',
  33: 'secrets leak onto disks, into argv or documents',
  35: 'floods of connections',
  36: 'swap a dependency at install',
  37: 'search and use a stolen core database',
  39: 'change, drop or forge rows of a document',
  40: 'swap the keys of a node while it enrols',
  41: 'name the sealed copy of another app',
  42: 'take over what carries our names',
  43: 'side effects of reading a Compose file',
  44: 'put a node back to an old disk image',
  45: 'owner and thief revoke each other',
  46: 'forge the headers of a forwarded login between apps',
  47: 'rewrite, cut or fork the audit log',
  48: 'play what was discarded',
};

/** Those that judge by what the engine shows and lets through: they run on each engine that is said to work. */
export const idsOnEachEngine: readonly number[] = [21, 22, 42, 46];

/** Every id, ascending. */
export const attackIds: readonly number[] = Object.keys(attackTitles).map(Number);
