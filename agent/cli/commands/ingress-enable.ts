import { type AcmeWish, findNode, type IngressWish, levelWithCore, prepareIngress } from '#shared/device/index.ts';
import { err, ok, type Result, utf8ToText } from '#shared/kernel/index.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { badOption, fileOption, numberOption, type VerbInput } from '../options.ts';
import { releaseSettings } from '../releases/release-settings.ts';

/** Runs Traefik on a node, so that apps get a name and a certificate. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    const { replica, offline } = level.value;
    const node = findNode(fleet.trust(), input.text('node'));
    if (!node.ok) return node;
    const wish = readWish(input);
    if (!wish.ok) return wish;
    const about = { node: node.value, wish: wish.value, online: offline === undefined };
    const prepared = await prepareIngress(context, fleet, replica, about);
    if (!prepared.ok) return prepared;
    const { settings, detected, httpPort, httpsPort } = prepared.value;
    if (detected !== undefined) {
      context.out.note(`Records will point at ${detected}, the node's own address; --public-address gives another.`);
    }
    const success = `the ingress runs on ${node.value.name}, ports ${httpPort} and ${httpsPort}`;
    return releaseSettings(context, fleet, input, { settings, offline, success });
  });
}

function readWish(input: VerbInput): Result<IngressWish> {
  const httpPort = numberOption(input, 'httpPort', '--http-port', 1, 65_535);
  if (!httpPort.ok) return httpPort;
  const httpsPort = numberOption(input, 'httpsPort', '--https-port', 1, 65_535);
  if (!httpsPort.ok) return httpsPort;
  const acme = input.choice('acme') === false ? ok(null) : readAcme(input);
  if (!acme.ok) return acme;
  return ok({
    image: input.text('image'),
    httpPort: httpPort.value,
    httpsPort: httpsPort.value,
    acme: acme.value,
    publicAddresses: input.list('publicAddress'),
  });
}

function readAcme(input: VerbInput): Result<AcmeWish> {
  const acme = { email: input.text('email'), caServer: input.text('caServer') };
  const path = input.text('caFile');
  if (path === undefined) return ok(acme);
  const file = fileOption(path, '--ca-file', 65_536);
  if (!file.ok) return file;
  const caCertificates = utf8ToText(file.value);
  if (caCertificates.includes('-----BEGIN CERTIFICATE-----')) return ok({ ...acme, caCertificates });
  return err(badOption('cli.bad-option', '--ca-file', `${path} holds no PEM certificate`, 'Give the CA in PEM.'));
}
