import { generateSecret } from '#shared/domain/apps/catalog/index.ts';
import type { AppView, SecretUse } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result, utf8, utf8ToText } from '#shared/kernel/index.ts';
import { isOwnerDevice } from '#shared/trust/index.ts';
import { appDocument } from '../../apps/find-app.ts';
import { openOwnerCopy, sealNewSecret } from '../../apps/seal-secrets.ts';
import { writeSecret as putSecret } from '../../apps/write-secret.ts';
import { findNode } from '../../fleet/find-node.ts';
import type { FleetHost } from '../fleet-host.ts';
import { asNothing, type FleetCalls, NOTHING } from './fleet-call.ts';

/** Letters of a value that nobody has to see. */
const GENERATED_LENGTH = 32;

/** Secrets: values come in and are sealed at once; they never stand in a log, a notice or a fault (P7). */
export const secretCalls: FleetCalls<'setSecret' | 'generateSecret' | 'removeSecret' | 'revealSecret'> = {
  setSecret: (host, { appId, name, value, uses }) => writeSecret(host, { appId, name, value: utf8(value), uses }),
  generateSecret(host, { appId, name, uses }) {
    const value = utf8(generateSecret(host.context.random, GENERATED_LENGTH, 'alphanumeric'));
    return writeSecret(host, { appId, name, value, uses });
  },
  async removeSecret(host, { appId, name }) {
    const secret = findSecret(host, appId, name);
    if (!secret.ok) return secret;
    const { id } = secret.value.secret;
    return asNothing(await host.replica.edit(appDocument(appId), (editor) => editor.removeItem('secrets', id)));
  },
  async revealSecret(host, { appId, name }) {
    const { fleet } = host;
    const secret = findSecret(host, appId, name);
    if (!secret.ok) return secret;
    if (!isOwnerDevice(fleet.trust(), fleet.device.deviceId)) return err(onlyOwners(secret.value.view.name, name));
    const opened = await openOwnerCopy(fleet, appId, secret.value.secret);
    if (!opened.ok) return opened;
    try {
      return ok({ value: utf8ToText(opened.value) });
    } catch {
      return err(notText(secret.value.view.name, name));
    }
  },
};

async function writeSecret(
  host: FleetHost,
  about: { appId: string; name: string; value: Uint8Array; uses: readonly unknown[] | undefined },
): Promise<Result<Record<string, never>>> {
  const { fleet, replica, model } = host;
  const { appId, name, value } = about;
  await host.views.flush(appDocument(appId));
  const view = model.view(appId);
  if (!view.ok) return view;
  const node = findNode(fleet.trust(), view.value.node ?? undefined);
  if (!node.ok) return node;
  const present = view.value.secrets.find((item) => item.name === name);
  const uses = (about.uses ?? present?.uses ?? []) as readonly SecretUse[];
  if (uses.length === 0) return err(goesNowhere(name));
  const version = (present?.version ?? 0) + 1;
  const copies = await sealNewSecret(fleet, { appId, node: node.value, name, version, value });
  const base = model.base(appId)?.body;
  const edited = await replica.edit(appDocument(appId), (editor) =>
    putSecret(editor, { present, name, copies, uses, node: node.value.nodeId, base }),
  );
  return edited.ok ? NOTHING : edited;
}

function findSecret(
  host: FleetHost,
  appId: string,
  name: string,
): Result<{ view: AppView; secret: AppView['secrets'][number] }> {
  const view = host.model.view(appId);
  if (!view.ok) return view;
  const secret = view.value.secrets.find((item) => item.name === name);
  if (secret) return ok({ view: view.value, secret });
  return err(
    fault(
      'secret.unknown',
      'permanent',
      `${view.value.name} has no secret "${name}"`,
      'Look at the list as it is now.',
      {
        field: 'name',
      },
    ),
  );
}

function goesNowhere(name: string) {
  return fault(
    'secret.no-use',
    'permanent',
    `no service takes the secret "${name}"`,
    'Say which service takes it, as a file or as a variable.',
    { field: 'uses' },
  );
}

function onlyOwners(app: string, name: string) {
  return fault(
    'trust.not-owner',
    'denied',
    'this device holds no copy that it can open',
    `Run \`overseer secrets reveal ${app} ${name}\` on an owner’s computer.`,
  );
}

function notText(app: string, name: string) {
  return fault(
    'secret.bad-content',
    'permanent',
    'the value is not text',
    `Run \`overseer secrets reveal ${app} ${name}\`: it prints it as base64.`,
  );
}
