import type { Result } from '#shared/kernel/index.ts';
import { ok } from '#shared/kernel/index.ts';
import type { RecoveryKeys } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { extendLog, oneEntry } from './extend-log.ts';

/**
 * LOG-18: puts another recovery key in the place of the present one, which signs it. Only to be called once the person holds
 * the new words: from then on the old ones are void. Seal the secrets anew afterwards, or the new words open none.
 */
export async function renewRecovery(
  context: DeviceContext,
  fleet: Fleet,
  present: RecoveryKeys,
  next: { readonly signKey: string; readonly ageRecipient: string },
): Promise<Result<void>> {
  const { signKey, ageRecipient } = next;
  const done = await extendLog(context, fleet, oneEntry({ kind: 'recovery', signKey, ageRecipient }), {
    signer: present.signer,
  });
  return done.ok ? ok() : done;
}
