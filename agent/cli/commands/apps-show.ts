import {
  findApp,
  levelToLook,
  readAnyBase,
  readChain,
  readSecretPlaces,
  standingExceptions,
} from '#shared/device/index.ts';
import { dueSecrets } from '#shared/domain/apps/index.ts';
import { exceptionToText } from '#shared/domain/policies/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { dueText } from '../apps/due-text.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';
import { formatBytes } from '../output/format.ts';
import { voidText } from '../releases/void-text.ts';

/** Shows one app: what is wanted, what runs, its releases. Secrets appear by name only. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelToLook(context, fleet);
    if (!level.ok) return level;
    const view = findApp(level.value.replica, input.arg(0));
    if (!view.ok) return view;
    const { appId, node } = view.value;
    const shown = level.value.offline ? undefined : await fleet.client.call('showApp', { params: { id: appId } });
    const observed = shown?.ok ? shown.value.observed : null;
    const chain = level.value.offline || node === null ? undefined : await readChain(fleet, appId, node);
    const releases = (chain?.ok ? chain.value : []).map(({ opened: { payload, itemHash } }) => ({
      number: payload.number,
      header: itemHash,
      issuedAt: payload.issuedAt,
      signer: payload.signer,
    }));
    const nodeName = fleet.trust().nodes.get(node ?? '')?.name ?? null;
    const exceptions = standingExceptions(view.value.exceptions, observed?.exceptions ?? []);
    const places = await readSecretPlaces(context, fleet, view.value, shown?.ok ? shown.value : undefined);
    if (!places.ok) return places;
    const oldSecrets = dueSecrets(places.value);
    const base = await readAnyBase(context, fleet, { appId, node }, shown?.ok ? shown.value.number : 0);
    if (!base.ok) return base;
    const voidSigner = base.value?.voidSigner ?? null;
    return done({ ...view.value, nodeName, observed, releases, oldSecrets, voidSigner }, (out) => {
      const { name, state, source, routes, secrets, clashes } = view.value;
      out.table(
        ['what', 'value'],
        [
          ['app', `${name} (${appId})`],
          [
            'from',
            source.kind === 'catalog' ? `catalogue ${String(source.id)} ${String(source.version)}` : 'a Compose file',
          ],
          ['wanted', `${state} on ${nodeName ?? 'no node'}`],
          ['status', observed?.status ?? (level.value.offline ? 'the core is away' : 'not deployed')],
          ...routes.map((route) => ['route', `${route.hostname} to ${route.service}:${route.port}`]),
          ...exceptions.map((aside) => ['exception', `${exceptionToText(aside)}: ${aside.state}`]),
          ['secrets', secrets.map((secret) => secret.name).join(', ') || 'none'],
        ],
      );
      if (clashes.length > 0) out.line(`Edited in two places at once: ${clashes.join(', ')}`, 'warn');
      const warning = voidText(name, base.value);
      if (warning) out.line(warning, 'warn');
      for (const place of oldSecrets) out.line(dueText(fleet, place), 'warn');
      if (observed) {
        out.line();
        out.table(
          ['service', 'state', 'health', 'restarts', 'image', 'digest'],
          observed.services.map((item) => [
            item.service,
            item.state,
            item.health,
            String(item.restarts),
            item.image,
            item.digest?.slice(0, 19) ?? '-',
          ]),
        );
        for (const volume of observed.volumes) {
          const size = volume.sizeBytes === null ? 'size unknown' : formatBytes(volume.sizeBytes);
          out.line(`volume ${volume.name}: ${size}`);
        }
      }
      if (releases.length === 0) return;
      out.line();
      out.table(
        ['release', 'signed', 'by', 'now'],
        releases.map((release) => [
          String(release.number),
          release.issuedAt,
          fleet.trust().devices.get(release.signer)?.name ?? release.signer,
          observed?.running?.header === release.header ? 'runs' : '',
        ]),
      );
    });
  });
}
