import type { AppBody } from '#shared/domain/apps/index.ts';
import { type Fault, FaultError, fault } from '#shared/kernel/index.ts';
import { apiPasswordHash } from '../ingress/api-password.ts';
import { acmeErrorFromLog, type ShownCertificate, shownCertificate } from '../ingress/certificate.ts';
import { findIngress, type IngressHandle } from '../ingress/ingress.ts';
import { apiRouteFile } from '../ingress/static-config.ts';
import type { ApplierContext } from './context.ts';
import type { Stepper } from './steps.ts';

const TIMEOUT_MS = 90_000;
/**
 * Traefik tries a name once per configuration; these are the moments at which it is given another one. Few, because
 * public ACME servers refuse a name for an hour after five failures.
 */
const RETRY_AFTER_MS = [5_000, 20_000];

/** The routes whose certificates are waited for, and since when Traefik's log counts (seconds since the epoch). */
export interface CertificateWait {
  readonly body: AppBody;
  readonly startedAt: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until the ingress shows a certificate of its own for each hostname. A missing one is not a failed deploy: the
 * fault `certificate.not-issued` tells what the ACME server said.
 */
export async function waitForCertificates(
  context: ApplierContext,
  wait: CertificateWait,
  steps: Stepper,
): Promise<Fault | null> {
  const hostnames = wait.body.routes.filter((route) => route.tls === 'acme').map((route) => route.hostname);
  if (hostnames.length === 0) return null;
  const ingress = await findIngress(context.engine, context.fleet, context.apiPassword);
  if (!ingress) {
    steps.skip('certificate', 'the ingress does not run');
    return null;
  }
  try {
    await steps.run('certificate', `waiting for ${hostnames.join(', ')}`, async () => {
      const told: string[] = [];
      for (const hostname of hostnames) {
        const shown = await waitForOne(context, ingress, hostname, wait);
        told.push(`${hostname}: issued by ${shown.issuer}, valid until ${shown.notAfter}`);
      }
      return { value: undefined, text: told.join('; ') };
    });
    return null;
  } catch (cause) {
    if (cause instanceof FaultError) return cause.fault;
    throw cause;
  }
}

async function waitForOne(
  context: ApplierContext,
  ingress: IngressHandle,
  hostname: string,
  wait: CertificateWait,
): Promise<ShownCertificate> {
  const { clock } = context;
  const started = clock.nowMs();
  const retries = [...RETRY_AFTER_MS];
  let said: string | undefined;
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 1.5, 2_000)) {
    const shown = await shownCertificate(ingress.httpsPort, hostname);
    if (shown?.isForHostname) return shown;
    const tookMs = clock.nowMs() - started;
    if (tookMs > TIMEOUT_MS) break;
    said = (await acmeError(context, ingress, hostname, wait.startedAt)) ?? said;
    const due = retries[0];
    if (said === undefined || due === undefined || tookMs < due) {
      if (said !== undefined && due === undefined) break;
    } else {
      retries.shift();
      nudge(context);
    }
    await context.pause(waitMs, wait.signal);
    wait.signal.throwIfAborted();
  }
  throw new FaultError(
    fault(
      'certificate.not-issued',
      'transient',
      `There is no certificate for ${hostname} yet: ${said ?? 'the ACME server has not answered'}.`,
      'The app runs. Check that the name leads to this node and that port 80 is reachable from the ACME server; the node tries again by itself.',
      { field: 'hostname', detail: { hostname } },
    ),
  );
}

/** Gives Traefik another configuration, upon which it tries again to get the certificates it lacks. */
function nudge(context: ApplierContext): void {
  const nonce = String(context.clock.nowMs());
  context.routes.writeApi(apiRouteFile(apiPasswordHash(context.apiPassword), nonce));
}

const FIRST_REST_MS = 5 * 60_000;
const LONGEST_REST_MS = 6 * 3_600_000;

/**
 * Tries again to get certificates that a running app lacks, with longer and longer rests. Called by each repair; it
 * waits for nothing.
 */
export async function retryCertificates(context: ApplierContext, body: AppBody): Promise<void> {
  const hostnames = body.routes.filter((route) => route.tls === 'acme').map((route) => route.hostname);
  if (hostnames.length === 0) return;
  const ingress = await findIngress(context.engine, context.fleet, context.apiPassword);
  if (!ingress) return;
  for (const hostname of hostnames) {
    const now = context.clock.nowMs();
    const rest = context.certificateRests.get(hostname);
    if (rest && now < rest.dueMs && !rest.isMissing) continue;
    const isShown = (await shownCertificate(ingress.httpsPort, hostname))?.isForHostname ?? false;
    // A name that is well is looked at again after a while, a missing one is tried when its rest is over.
    if (isShown) context.certificateRests.set(hostname, { dueMs: now + FIRST_REST_MS, restMs: 0, isMissing: false });
    else if (rest?.isMissing && now >= rest.dueMs) {
      nudge(context);
      const restMs = Math.min(rest.restMs * 2, LONGEST_REST_MS);
      context.certificateRests.set(hostname, { dueMs: now + restMs, restMs, isMissing: true });
    } else if (!rest?.isMissing)
      context.certificateRests.set(hostname, { dueMs: now + FIRST_REST_MS, restMs: FIRST_REST_MS, isMissing: true });
  }
}

async function acmeError(
  context: ApplierContext,
  ingress: IngressHandle,
  hostname: string,
  since: number,
): Promise<string | undefined> {
  const container = context.engine.docker.getContainer(ingress.container.id);
  const log = await container.logs({ stdout: true, stderr: true, since, tail: 500, follow: false });
  return acmeErrorFromLog((log as unknown as Buffer).toString('utf8'), hostname);
}
