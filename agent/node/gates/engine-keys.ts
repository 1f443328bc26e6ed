import { listOf, type ResolvedModel, type ResolvedService, recordOf } from '#shared/domain/policies/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { knowsApi } from '../engine/api-version.ts';

/** What an engine leaves out without a word when it is older than this, so that other data or another way out is used. */
interface NewerKey {
  readonly key: string;
  readonly api: string;
  readonly docker: string;
  isUsed(service: ResolvedService): boolean;
}

const mounts = (service: ResolvedService) => listOf(service.volumes).map(recordOf);

const newerKeys: readonly NewerKey[] = [
  {
    key: 'bind.recursive: readonly',
    api: '1.44',
    docker: '25',
    isUsed: (service) => mounts(service).some(({ bind }) => recordOf(bind).recursive === 'readonly'),
  },
  {
    key: 'volume.subpath',
    api: '1.45',
    docker: '26',
    isUsed: (service) => mounts(service).some(({ volume }) => Boolean(recordOf(volume).subpath)),
  },
  {
    key: 'gw_priority',
    api: '1.48',
    docker: '28',
    isUsed: (service) => Object.values(recordOf(service.networks)).some((one) => Boolean(recordOf(one).gw_priority)),
  },
];

/**
 * Judges whether the node's engine knows every key of a resolved model whose loss would change where data lies or how
 * packets go. Compose hands such keys to any engine, and an old one mounts the whole volume instead. The engine is asked
 * for the version of its API only where one is used. Error: `engine.too-old`.
 */
export async function checkEngineKeys(
  model: ResolvedModel,
  askApiVersion: () => Promise<string>,
): Promise<Result<void>> {
  const used = Object.entries(model.services ?? {}).flatMap(([name, service]) =>
    newerKeys.filter(({ isUsed }) => isUsed(service)).map(({ key, api, docker }) => ({ name, key, api, docker })),
  );
  if (used.length === 0) return ok();
  const apiVersion = await askApiVersion();
  const unknown = used.find(({ api }) => !knowsApi(apiVersion, api));
  return unknown === undefined ? ok() : err(tooOld({ ...unknown, apiVersion }));
}

function tooOld(about: { name: string; key: string; docker: string; apiVersion: string }) {
  const { name, key, docker, apiVersion } = about;
  return fault(
    'engine.too-old',
    'permanent',
    `Service ${name} uses ${key}, which the Docker engine of this node (API ${apiVersion}) would leave out without a word.`,
    `Update Docker on the node to ${docker} or later, deploy to another node, or leave ${key} out.`,
    { field: `services.${name}`, detail: { key, docker } },
  );
}
