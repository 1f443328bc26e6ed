import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a generated passphrase can lie. */
export interface Keyring {
  readonly name: string;
  load(account: string): Promise<string | undefined>;
  save(account: string, passphrase: string): Promise<boolean>;
}

/** The freedesktop Secret Service by `secret-tool`, where both the tool and a session bus are there. */
export function findKeyring(env: Readonly<Record<string, string | undefined>>): Keyring | undefined {
  if (env.OVERSEER_KEYRING === 'off' || !env.DBUS_SESSION_BUS_ADDRESS) return undefined;
  const tool = (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'secret-tool'))
    .find(isExecutable);
  return tool === undefined ? undefined : createSecretToolKeyring(tool);
}

/** The passphrase goes over standard input and output, never through an argument. */
export function createSecretToolKeyring(tool: string): Keyring {
  const attributes = (account: string): string[] => ['service', 'overseer', 'account', account];
  return {
    name: 'Secret Service',
    load: async (account) => {
      const { code, output } = await run(tool, ['lookup', ...attributes(account)], '');
      return code === 0 && output !== '' ? output.replace(/\n$/, '') : undefined;
    },
    save: async (account, passphrase) => {
      const args = ['store', '--label', 'Overseer device keys', ...attributes(account)];
      return (await run(tool, args, passphrase)).code === 0;
    },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function run(tool: string, args: string[], input: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(tool, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    child.on('error', () => resolve({ code: null, output: '' }));
    child.on('close', (code) => resolve({ code, output }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
