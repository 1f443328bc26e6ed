import { type AutomationLines, automationLines, type ReleaseBody } from '#shared/domain/apps/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import type { TrustView } from '#shared/trust/index.ts';
import type { DeviceStore } from '../ports/device-store.ts';

/** What automation signed up to a release, by that release's header. */
interface KnownLines {
  readonly header: string;
  readonly lines: AutomationLines;
}

const memoOf = (appId: string, node: string) => `automation:${appId}:${node}`;

/** Whether this key is one that runs by itself, also when it was revoked since. */
export function isAutomationKey(trust: TrustView, keyid: string | undefined): boolean {
  if (keyid === undefined) return false;
  return (trust.devices.get(keyid) ?? trust.revokedDevices.get(keyid)?.device)?.kind === 'automation';
}

/** What automation has signed since the last release of a person; null where that person's is the last. */
export async function readAutomation<L extends { readonly opened: { readonly signer: string } }>(about: {
  readonly trust: TrustView;
  readonly chain: readonly L[];
  readonly body: ReleaseBody;
  readonly readBody: (link: L) => Promise<Result<{ readonly body: ReleaseBody }>>;
}): Promise<Result<AutomationLines | null>> {
  const { trust, chain, body, readBody } = about;
  const byPerson = chain.findLast(({ opened }) => !isAutomationKey(trust, opened.signer));
  if (byPerson === undefined || byPerson === chain.at(-1)) return ok(null);
  const before = await readBody(byPerson);
  return before.ok ? ok(automationLines(before.value.body, body)) : before;
}

/** Keeps it for a start without the core. */
export async function keepAutomation(
  store: DeviceStore,
  at: { appId: string; node: string; header: string },
  lines: AutomationLines | null,
): Promise<void> {
  if (lines === null) return;
  const text = JSON.stringify({ header: at.header, lines } satisfies KnownLines);
  const memo = memoOf(at.appId, at.node);
  if ((await store.memo(memo)) !== text) await store.saveMemo(memo, text);
}

/** What is known for this release; null where nothing is. */
export async function readKnownAutomation(
  store: DeviceStore,
  at: { appId: string; node: string; header: string },
): Promise<AutomationLines | null> {
  const memo = await store.memo(memoOf(at.appId, at.node));
  const known = memo ? (JSON.parse(memo) as KnownLines) : undefined;
  return known?.header === at.header ? known.lines : null;
}
