import { err, type Fault, fault, ok, type Result, shellWord } from '../../kernel/index.ts';
import type { RuleAside } from './exceptions.ts';
import { isSystemPath } from './values.ts';

/** A folder or device of a node that an owner opened to apps under a name. */
export interface Opening {
  readonly name: string;
  readonly what: OpeningKind;
  readonly path: string;
  /** Apps may read and not write it. */
  readonly readOnly: boolean;
}

export type OpeningKind = 'folder' | 'device';

/** The exception that an opening can be named in, by what it is. */
const RULE_OF: Readonly<Record<OpeningKind, string>> = { folder: 'host-folder', device: 'device' };

/** How an opening is named: short enough to be read in a plan, and nothing that ends a word of a mount. */
export const OPENING_NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/** The opening that an exception names in place of a path; undefined where it names a path, or is about something else. */
export function openedBy({ rule, value }: RuleAside): Pick<Opening, 'name' | 'what'> | undefined {
  const name = /^opened ([a-z0-9-]{1,32}):/.exec(value)?.[1];
  const what = rule === RULE_OF.folder ? 'folder' : rule === RULE_OF.device ? 'device' : undefined;
  return name === undefined || what === undefined ? undefined : { name, what };
}

/** Whether some of these exceptions name this opening. */
export function usesOpening(exceptions: readonly RuleAside[], { name, what }: Pick<Opening, 'name' | 'what'>): boolean {
  return exceptions.some((one) => {
    const opened = openedBy(one);
    return opened?.name === name && opened.what === what;
  });
}

/**
 * An exception's value with a path, written with each opening of that path instead: `/srv/media:/media:ro` is `opened
 * media:/media:ro`. Only the whole path counts: what lies in a folder that apps can write may be a link to anywhere.
 */
export function openedValues(openings: readonly Opening[], rule: string, value: string): string[] {
  return openings.flatMap(({ name, what, path, readOnly }) => {
    if (rule !== RULE_OF[what] || !value.startsWith(`${path}:`)) return [];
    if (readOnly && !/:r(o)?$/.test(value)) return [];
    return [`opened ${name}${value.slice(path.length)}`];
  });
}

/** Every exception that names an opening names one that is open there. Error: `opening.not-open`, with the command. */
export function decideOpened(
  exceptions: readonly RuleAside[],
  openings: readonly Opening[],
  node: string,
): Result<void> {
  for (const exception of exceptions) {
    const wanted = openedBy(exception);
    if (!wanted) continue;
    const { name, what } = wanted;
    if (openings.some((one) => one.name === name && one.what === what)) continue;
    const next = `An owner opens it: \`${openCommand({ ...wanted, path: `/PATH/OF/${name}`, readOnly: false }, node)}\`. Or remove the exception.`;
    const text = `${node} has no opened ${what} "${name}"`;
    return err(fault('opening.not-open', 'conflict', text, next, { field: 'exceptions', detail: { name, what } }));
  }
  return ok();
}

/**
 * Whether a path may be opened at all, as far as its text says: absolute, in normal form, nothing that rules the node.
 * Error: `opening.bad-path`.
 */
export function decideOpeningPath(what: OpeningKind, path: string, own: readonly string[] = []): Result<void> {
  const why = what === 'folder' ? badFolder(path, own) : badDevice(path);
  return why === undefined ? ok() : err(badPath(what, path, why));
}

/** The command that opens something on an owner's device. */
export function openCommand({ name, what, path, readOnly }: Opening, node: string): string {
  const line = ['overseer', 'nodes', 'open', what, name, path, '--node', node, ...(readOnly ? ['--read-only'] : [])];
  return line.map(shellWord).join(' ');
}

/** The fault of a path that can not be opened, and why. */
export function badPath(what: OpeningKind, path: string, why: string): Fault {
  const next =
    what === 'folder'
      ? 'Open a folder of your own, for instance one below /srv or /mnt, by its real path.'
      : 'Open the single device that the app needs, by its real path below /dev.';
  return fault('opening.bad-path', 'denied', `${path} can not be opened to apps: ${why}`, next, { field: 'path' });
}

function badFolder(path: string, own: readonly string[]): string | undefined {
  if (!isPlain(path))
    return 'it is not an absolute path in its plain form, or has a colon, a comma or a control character';
  return isSystemPath(path, own) ? 'who can change it is root on the node, or reads what other apps keep' : undefined;
}

/** Devices with which a container reads and writes all memory of the node, or speaks with its kernel. */
const KERNEL_DEVICES =
  /^\/dev\/(mem|kmem|port|kmsg|console|nvram|initctl|autofs|btrfs-control|loop-control|mapper\/.*)$/;

function badDevice(path: string): string | undefined {
  if (!isPlain(path) || !path.startsWith('/dev/')) return 'it is not the plain path of a device below /dev';
  return KERNEL_DEVICES.test(path) ? 'it rules the kernel of the node' : undefined;
}

function isPlain(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (!path.startsWith('/') || path.length > 200 || /[\u0000-\u001f\u007f:,$\\]/.test(path)) return false;
  return path
    .slice(1)
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..');
}
