import { probeAnswerSchema } from '#shared/contracts/link/commands.ts';
import {
  detectAddress,
  type Fleet,
  findNode,
  levelWithCore,
  readFleetView,
  runCommand,
  toJson,
  writeItem,
} from '#shared/device/index.ts';
import { type IngressBody, ingressBodySchema } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result, randomId, utf8ToText } from '#shared/kernel/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { badOption, fileOption, numberOption, type VerbInput } from '../options.ts';
import { releaseSettings } from '../releases/release-settings.ts';

const TRAEFIK_IMAGE = 'traefik:v3.7';
const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';

/** Runs Traefik on a node, so that apps get a name and a certificate. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    const { replica, offline } = level.value;
    const node = findNode(fleet.trust(), input.text('node'));
    if (!node.ok) return node;
    const index = readFleetView(replica);
    if (!index.ok) return index;
    const present = index.value.ingresses.find((item) => item.node === node.value.nodeId);
    const settings = readSettings(input, present);
    if (!settings.ok) return settings;
    const { image, httpPort, httpsPort } = settings.value;
    if (!offline && (present?.httpPort !== httpPort || present?.httpsPort !== httpsPort)) {
      const free = await checkPorts(context, fleet, node.value, [httpPort, httpsPort]);
      if (!free.ok) return free;
    }
    const publicAddresses = await decideAddresses(
      context,
      fleet,
      node.value,
      settings.value.publicAddresses,
      offline === undefined,
    );
    const { acme } = settings.value;
    const appId = present?.appId ?? randomId(context.random);
    const fields = { appId, node: node.value.nodeId, image, httpPort, httpsPort, acme: toJson(acme), publicAddresses };
    const edited = await replica.edit('fleet', (editor) => writeItem(editor, 'ingresses', present?.id ?? null, fields));
    if (!edited.ok) return edited;
    const body: IngressBody = ingressBodySchema.parse({
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
    const success = `the ingress runs on ${node.value.name}, ports ${httpPort} and ${httpsPort}`;
    return releaseSettings(context, fleet, input, {
      verb: 'ingress',
      appId,
      node: node.value,
      body,
      ownerCopies: [],
      offline,
      success,
    });
  });
}

type Settings = Pick<IngressBody, 'httpPort' | 'httpsPort' | 'acme' | 'publicAddresses'> & { image: string };

/** What was not given stays as it is; for a new ingress it is the usual. */
function readSettings(input: VerbInput, present: Settings | undefined): Result<Settings> {
  const httpPort = numberOption(input, 'httpPort', '--http-port', 1, 65_535);
  if (!httpPort.ok) return httpPort;
  const httpsPort = numberOption(input, 'httpsPort', '--https-port', 1, 65_535);
  if (!httpsPort.ok) return httpsPort;
  const acme = readAcme(input, present?.acme ?? null);
  if (!acme.ok) return acme;
  const addresses = input.list('publicAddress');
  return ok({
    image: input.text('image') ?? present?.image ?? TRAEFIK_IMAGE,
    httpPort: httpPort.value ?? present?.httpPort ?? 80,
    httpsPort: httpsPort.value ?? present?.httpsPort ?? 443,
    acme: acme.value,
    publicAddresses: addresses.length > 0 ? [...addresses] : (present?.publicAddresses ?? []),
  });
}

function readAcme(input: VerbInput, present: IngressBody['acme']): Result<IngressBody['acme']> {
  if (input.choice('acme') === false) return ok(null);
  const email = input.text('email') ?? present?.email;
  if (email === undefined) {
    return err(
      badOption(
        'cli.missing-option',
        '--email',
        'the certificate authority wants a contact',
        'Give --email ADDRESS, or --no-acme for plain HTTP only.',
      ),
    );
  }
  const caServer = input.text('caServer') ?? present?.caServer ?? LETS_ENCRYPT;
  if (!URL.canParse(caServer)) {
    return err(
      badOption('cli.bad-option', '--ca-server', `"${caServer}" is not a URL`, 'Write https://HOST/directory.'),
    );
  }
  const path = input.text('caFile');
  if (path === undefined) return ok({ email, caServer, caCertificates: present?.caCertificates ?? null });
  const file = fileOption(path, '--ca-file', 65_536);
  if (!file.ok) return file;
  const pem = utf8ToText(file.value);
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    return err(badOption('cli.bad-option', '--ca-file', `${path} holds no PEM certificate`, 'Give the CA in PEM.'));
  }
  return ok({ email, caServer, caCertificates: pem });
}

async function decideAddresses(
  context: CliContext,
  fleet: Fleet,
  node: NodeIdentity,
  given: readonly string[],
  online: boolean,
): Promise<string[]> {
  if (given.length > 0 || !online) return [...given];
  const detected = await detectAddress(context, fleet, node.nodeId);
  if (detected === undefined) return [];
  context.out.note(`Records will point at ${detected}, the node's own address; --public-address gives another.`);
  return [detected];
}

async function checkPorts(
  context: CliContext,
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
      'Stop that program, or give --http-port and --https-port and forward the router’s 80 and 443 to them.',
    ),
  );
}
