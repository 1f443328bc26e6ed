import { probeAnswerSchema } from '#shared/contracts/link/commands.ts';
import { type IngressBody, ingressBodySchema } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result, randomId } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import { detectAddress } from '../apps/detect-address.ts';
import { readFleetView } from '../apps/find-app.ts';
import { toJson, writeItem } from '../apps/write-item.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { runCommand } from '../fleet/run-command.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { Settings } from './plan-settings.ts';

const TRAEFIK_IMAGE = 'traefik:v3.7';
const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';

/** What the person wants of a node's ingress; what is undefined stays, for a new ingress it is the usual. */
export interface IngressWish {
  readonly image?: string | undefined;
  readonly httpPort?: number | undefined;
  readonly httpsPort?: number | undefined;
  /** Null: no certificates, plain HTTP only. */
  readonly acme?: AcmeWish | null | undefined;
  /** Empty: the node's own address is asked for. */
  readonly publicAddresses?: readonly string[] | undefined;
}

export interface AcmeWish {
  readonly email?: string | undefined;
  readonly caServer?: string | undefined;
  /** PEM */
  readonly caCertificates?: string | undefined;
}

export type IngressSettings = Pick<IngressBody, 'httpPort' | 'httpsPort' | 'acme' | 'publicAddresses'> & {
  readonly image: string;
};

/** Fills a wish up with what there is. */
export function decideIngress(present: IngressSettings | undefined, wish: IngressWish): Result<IngressSettings> {
  const acme = decideAcme(present?.acme ?? null, wish.acme);
  if (!acme.ok) return acme;
  const addresses = wish.publicAddresses ?? [];
  return ok({
    image: wish.image ?? present?.image ?? TRAEFIK_IMAGE,
    httpPort: wish.httpPort ?? present?.httpPort ?? 80,
    httpsPort: wish.httpsPort ?? present?.httpsPort ?? 443,
    acme: acme.value,
    publicAddresses: addresses.length > 0 ? [...addresses] : (present?.publicAddresses ?? []),
  });
}

function decideAcme(present: IngressBody['acme'], wish: IngressWish['acme']): Result<IngressBody['acme']> {
  if (wish === null) return ok(null);
  const email = wish?.email ?? present?.email;
  if (email === undefined) {
    const next = 'Give an email address, or turn certificates off for plain HTTP only.';
    return err(
      fault('cli.missing-option', 'permanent', 'the certificate authority wants a contact', next, { field: 'email' }),
    );
  }
  const caServer = wish?.caServer ?? present?.caServer ?? LETS_ENCRYPT;
  if (!URL.canParse(caServer)) {
    const text = `"${caServer}" is not a URL`;
    return err(fault('cli.bad-option', 'permanent', text, 'Write https://HOST/directory.', { field: 'caServer' }));
  }
  return ok({ email, caServer, caCertificates: wish?.caCertificates ?? present?.caCertificates ?? null });
}

/** The ingress as it shall run, and the node's own address where that was taken for want of another. */
export interface PreparedIngress {
  readonly settings: Settings<IngressBody>;
  readonly detected: string | undefined;
  readonly httpPort: number;
  readonly httpsPort: number;
}

/** Writes a wish for a node's ingress into desired state. Its ports are asked for first where the node can be asked. */
export async function prepareIngress(
  context: DeviceContext,
  fleet: Fleet,
  replica: Replica,
  about: { node: NodeIdentity; wish: IngressWish; online: boolean },
): Promise<Result<PreparedIngress>> {
  const { node, wish, online } = about;
  const index = readFleetView(replica);
  if (!index.ok) return index;
  const present = index.value.ingresses.find((item) => item.node === node.nodeId);
  const decided = decideIngress(present, wish);
  if (!decided.ok) return decided;
  const { image, httpPort, httpsPort, acme } = decided.value;
  if (online && (present?.httpPort !== httpPort || present?.httpsPort !== httpsPort)) {
    const free = await checkPorts(context, fleet, node, [httpPort, httpsPort]);
    if (!free.ok) return free;
  }
  const given = decided.value.publicAddresses;
  const detected = given.length === 0 && online ? await detectAddress(context, fleet, node.nodeId) : undefined;
  const publicAddresses = detected === undefined ? given : [detected];
  const appId = present?.appId ?? randomId(context.random);
  const fields = { appId, node: node.nodeId, image, httpPort, httpsPort, acme: toJson(acme), publicAddresses };
  const edited = await replica.edit('fleet', (editor) => writeItem(editor, 'ingresses', present?.id ?? null, fields));
  if (!edited.ok) return edited;
  const body = ingressBodySchema.parse({
    v: 1,
    kind: 'ingress',
    name: 'ingress',
    state: 'running',
    image: { ref: image, digest: image.split('@')[1] ?? null },
    httpPort,
    httpsPort,
    acme,
    publicAddresses,
  });
  return ok({ settings: { verb: 'ingress', appId, node, body, ownerCopies: [] }, detected, httpPort, httpsPort });
}

async function checkPorts(
  context: DeviceContext,
  fleet: Fleet,
  node: NodeIdentity,
  ports: readonly number[],
): Promise<Result<void>> {
  const answer = await runCommand(context, fleet, { node: node.nodeId, verb: 'probe', args: { ports } });
  // A node that can not be asked now checks its ports itself before it starts anything.
  if (!answer.ok) return answer.error.kind === 'transient' ? ok() : answer;
  const probe = probeAnswerSchema.safeParse(answer.value);
  const taken = probe.success ? probe.data.ports.find(({ state }) => state === 'taken') : undefined;
  if (!taken) return ok();
  return err(
    fault(
      'ingress.port-taken',
      'conflict',
      `port ${taken.port} of ${node.name} is taken by another program`,
      'Stop that program, or choose other ports and forward the router’s 80 and 443 to them.',
      { field: 'ports' },
    ),
  );
}
