/** The one spelling of a published port in exceptions: `[address:]published:target/protocol`. */
export function portToText(port: { hostIp?: string; published?: string; target: string; protocol?: string }): string {
  const address = port.hostIp && port.hostIp !== '0.0.0.0' ? `${port.hostIp}:` : '';
  return `${address}${port.published ?? ''}:${port.target}/${port.protocol || 'tcp'}`;
}

/** Reads Compose's short port syntax as far as an exception's text needs it. */
export function shortPortToText(text: string): string {
  const [ports = '', protocol = 'tcp'] = text.split('/');
  const parts = ports.split(':');
  const target = parts.pop() ?? '';
  const published = parts.pop() ?? '';
  return portToText({ hostIp: parts.join(':'), published, target, protocol });
}

/** The one spelling of a bound host folder in exceptions. */
export function bindToText(source: string, target: string, isReadOnly: boolean): string {
  return `${source}:${target}:${isReadOnly ? 'ro' : 'rw'}`;
}

/** The one spelling of a device in exceptions. */
export function deviceToText(source: string, target: string | undefined, permissions: string | undefined): string {
  return `${source}:${target || source}:${permissions || 'rwm'}`;
}

/** The one spelling of a capability in exceptions. */
export function capabilityToText(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, '');
}

/** Rights with which a container is root on the node in all but name. */
const ROOT_CAPABILITIES = ['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'SYS_BOOT', 'BPF', 'DAC_READ_SEARCH'];

/** Whether a capability, in its exception's spelling, is as good as privileged. */
export function isRootCapability(name: string): boolean {
  return ROOT_CAPABILITIES.includes(name);
}

/** The rule that a kernel setting is judged by: only those of the network stack are a container's own. */
export function sysctlRule(setting: string): 'sysctl' | 'host-namespace' {
  return setting.startsWith('net.') ? 'sysctl' : 'host-namespace';
}

/** Files of /etc that say nothing but the time, which many images want to see. */
const HARMLESS_FILES = ['/etc/localtime', '/etc/timezone'];

/** The rule that a bound path of the host is judged by; a host-folder may be signed, a host-system never. */
export function hostPathRule(
  path: string,
  isReadOnly: boolean,
  own: readonly string[] = [],
): 'host-folder' | 'host-system' {
  if (isReadOnly && HARMLESS_FILES.includes(path)) return 'host-folder';
  return isSystemPath(path, own) ? 'host-system' : 'host-folder';
}

/** Whether a path of the stack, in normal form, is a signed file or a folder that holds some. */
export function isInStack(path: string, files: readonly string[]): boolean {
  return files.some((file) => file === path || file.startsWith(`${path}/`));
}

/** Folders whose owner is root on the node in all but name, or that hold what other apps keep. */
const SYSTEM_FOLDERS = [
  ...[
    '/bin',
    '/boot',
    '/dev',
    '/etc',
    '/lib',
    '/lib32',
    '/lib64',
    '/libx32',
    '/proc',
    '/root',
    '/run',
    '/sbin',
    '/sys',
  ],
  ...['/usr', '/var/lib', '/var/log', '/var/run', '/var/spool', '/var/cache'],
];

/**
 * Whether a host path may never be given to an app: system folders, everything above them, and what lies in them.
 * `own` are Overseer's folders on this node. Paths that are not in normal form count as system paths.
 */
export function isSystemPath(path: string, own: readonly string[] = []): boolean {
  if (!path.startsWith('/') || /\/\/|\/\.{1,2}(\/|$)/.test(path) || path.includes('\0')) return true;
  const clean = path.length > 1 ? path.replace(/\/$/, '') : path;
  if (clean === '/' || clean === '/var' || clean === '/home') return true;
  return [...SYSTEM_FOLDERS, ...own].some(
    (folder) => clean === folder || clean.startsWith(`${folder}/`) || folder.startsWith(`${clean}/`),
  );
}

/** A relative path in normal form below the stack, or undefined when it leaves it or can not be read. */
export function stackPath(text: string): string | undefined {
  if (text === '' || text.startsWith('/') || text.startsWith('~') || /[\0\\$]/.test(text)) return undefined;
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..')) return undefined;
  return parts.join('/');
}
