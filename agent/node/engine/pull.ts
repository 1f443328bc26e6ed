import type Docker from 'dockerode';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Engine } from './engine.ts';
import { engineFault, engineMessage, statusOf } from './engine-fault.ts';

/** An image on this node: the reference containers are made from, and what names it for ever. */
export interface PulledImage {
  /** What goes into the model: `name:tag@sha256:…`, or the image id where the image came without a registry. */
  readonly reference: string;
  /** `sha256:…` of the registry's manifest, or `image:sha256:…` for an image that no registry gave. */
  readonly digest: string;
  readonly info: Docker.ImageInspectInfo;
}

/**
 * Gets an image. With a digest exactly that one, from the node's own store when it is there; without, the registry says
 * what the name means now. Faults: `image.not-found`, `image.denied`, `image.registry-unreachable`, engine faults.
 */
export async function pullImage(
  engine: Engine,
  wanted: { ref: string; digest: string | null },
  onProgress: (text: string) => void,
  signal: AbortSignal,
): Promise<Result<PulledImage>> {
  const [named, inRef] = wanted.ref.split('@');
  const digest = wanted.digest ?? inRef ?? null;
  const repository = repositoryOf(named ?? wanted.ref);
  if (digest?.startsWith('image:')) return localImage(engine, wanted.ref, digest);
  // The engine looks only at the digest; the tag stays for people.
  const exact = (one: string) => `${named ?? repository}@${one}`;
  const pinned = digest === null ? null : exact(digest);
  if (pinned !== null) {
    const present = await engine.image(pinned);
    if (present) return ok({ reference: pinned, digest: digest ?? '', info: present });
  }
  const ask = pinned ?? withTag(named ?? wanted.ref);
  const failed = await pull(engine, ask, onProgress, signal);
  if (failed && (pinned !== null || failed.kind !== 'transient')) return err(failed);
  const info = await engine.image(ask);
  if (failed && !info) return err(failed);
  if (!info) return err(notFound(wanted.ref, 'the engine has no image of that name after the pull'));
  if (failed) onProgress(`${ask}: ${failed.message} The copy on this node is used.`);
  const found = digest ?? digestOf(info, repository);
  if (found) return ok({ reference: exact(found), digest: found, info });
  return ok({ reference: info.Id, digest: `image:${info.Id}`, info });
}

async function localImage(engine: Engine, ref: string, digest: string): Promise<Result<PulledImage>> {
  const id = digest.slice('image:'.length);
  const info = await engine.image(id);
  if (info) return ok({ reference: id, digest, info });
  return err(notFound(ref, `image ${id}, which came without a registry, is no longer on this node`));
}

async function pull(
  engine: Engine,
  ref: string,
  onProgress: (text: string) => void,
  signal: AbortSignal,
): Promise<Fault | null> {
  try {
    const stream = (await engine.docker.pull(ref, { abortSignal: signal } as object)) as NodeJS.ReadableStream;
    const events = await new Promise<PullEvent[]>((resolve, reject) => {
      engine.docker.modem.followProgress(
        stream,
        (cause, output) => (cause ? reject(cause) : resolve(output as PullEvent[])),
        (event: PullEvent) => tellLayer(ref, event, onProgress),
      );
    });
    const refused = events.findLast((event) => event.error !== undefined);
    return refused ? pullFault(ref, refused.error ?? '', undefined) : null;
  } catch (cause) {
    const message = engineMessage(cause);
    const isEngine = statusOf(cause) !== undefined || /error|denied|not found|manifest/i.test(message);
    return isEngine ? pullFault(ref, message, statusOf(cause)) : engineFault(cause, `pulling ${ref}`);
  }
}

interface PullEvent {
  status?: string;
  id?: string;
  error?: string;
}

function tellLayer(ref: string, event: PullEvent, onProgress: (text: string) => void): void {
  if (event.status === 'Pull complete' || event.status === 'Already exists') onProgress(`${ref}: layer ${event.id}`);
  else if (event.status?.startsWith('Status:')) onProgress(`${ref}: ${event.status.slice(8)}`);
}

function pullFault(ref: string, message: string, status: number | undefined): Fault {
  if (/no space left/i.test(message)) return engineFault({ message }, `pulling ${ref}`);
  if (/denied|unauthorized|authentication required/i.test(message) && !/does not exist/i.test(message))
    return fault(
      'image.denied',
      'denied',
      `The registry does not give ${ref} to this node: ${message}`,
      'Check the name; for a private image log the node in to that registry.',
      { field: 'image' },
    );
  if (status === 404 || /not found|manifest unknown|does not exist|invalid reference/i.test(message))
    return notFound(ref, message);
  return fault(
    'image.registry-unreachable',
    'transient',
    `${ref} could not be pulled: ${message}`,
    'Check that the node reaches the registry, then retry the job.',
    { field: 'image' },
  );
}

function notFound(ref: string, message: string): Fault {
  return fault(
    'image.not-found',
    'permanent',
    `There is no image ${ref}: ${message}`,
    'Check the name and the tag of the image in the Compose file.',
    { field: 'image' },
  );
}

/** The repository of a reference without tag; docker.io's short names stay as they are, as the engine lists them. */
export function repositoryOf(ref: string): string {
  const slash = ref.lastIndexOf('/');
  const colon = ref.indexOf(':', slash + 1);
  return colon === -1 ? ref : ref.slice(0, colon);
}

function withTag(ref: string): string {
  return repositoryOf(ref) === ref ? `${ref}:latest` : ref;
}

function digestOf(info: Docker.ImageInspectInfo, repository: string): string | undefined {
  const plain = repository.replace(/^(index\.)?docker\.io\/(library\/)?/, '');
  for (const entry of info.RepoDigests ?? []) {
    const [name = '', digest] = entry.split('@');
    if (name.replace(/^(index\.)?docker\.io\/(library\/)?/, '') === plain) return digest;
  }
  return undefined;
}
