import { lstatSync, realpathSync } from 'node:fs';
import {
  badPath,
  decideOpeningPath,
  isSystemPath,
  listOf,
  type Opening,
  type ResolvedModel,
  recordOf,
} from '#shared/domain/policies/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/**
 * Looks at an opened folder or device where it lies: it is there, it is what it is said to be, and no part of its path
 * is a link, so that nobody who can write beside it decides what apps get. Error: `opening.bad-path`.
 */
export function checkOpening(opening: Pick<Opening, 'what' | 'path'>, ownFolders: readonly string[]): Result<void> {
  const { what, path } = opening;
  const named = decideOpeningPath(what, path, ownFolders);
  if (!named.ok) return named;
  let real: string;
  let kind: ReturnType<typeof lstatSync>;
  try {
    real = realpathSync(path);
    kind = lstatSync(path);
  } catch (cause) {
    return err(badPath(what, path, `it can not be looked at (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`));
  }
  if (real !== path) return err(badPath(what, path, `a part of it is a link; it leads to ${real}`));
  if (what === 'folder') return kind.isDirectory() ? ok() : err(badPath(what, path, 'it is not a folder'));
  // A disk is every file on it, past all rights. A CD is not the node's.
  if (kind.isBlockDevice() && !/^\/dev\/sr\d+$/.test(path)) return err(badPath(what, path, 'it is a disk of the node'));
  return kind.isCharacterDevice() || kind.isBlockDevice() ? ok() : err(badPath(what, path, 'it is not a device'));
}

/**
 * The folders of the node that a model mounts, looked at where they really lie. A path that was signed may have become a
 * link since, made by an app that can write beside it. Asked before the engine mounts them and once more after.
 */
export function checkRealPaths(
  model: ResolvedModel,
  about: { readonly openings: readonly Opening[]; readonly ownFolders: readonly string[] },
): Result<void> {
  for (const [name, service] of Object.entries(model.services ?? {})) {
    for (const item of listOf(service.volumes)) {
      const { type, source } = recordOf(item);
      if (type !== 'bind' || typeof source !== 'string' || isOwn(source, about.ownFolders)) continue;
      const opening = about.openings.find(({ what, path }) => what === 'folder' && path === source);
      const fine = opening ? checkOpening(opening, about.ownFolders) : checkLink(name, source, about.ownFolders);
      if (!fine.ok) return fine;
    }
  }
  return ok();
}

function checkLink(service: string, source: string, ownFolders: readonly string[]): Result<void> {
  let real: string;
  try {
    real = realpathSync(source);
  } catch {
    // Not there yet: the engine makes an empty folder of that name, or says why it can not.
    return ok();
  }
  if (real === source || !isSystemPath(real, ownFolders)) return ok();
  return err(
    fault(
      'gate.link-to-system',
      'denied',
      `service ${service} mounts ${source}, which is a link to ${real}: who can change that is root on the node`,
      'Take the link away on the node, or mount the folder that you mean.',
      { field: `services.${service}.volumes`, detail: { source, real } },
    ),
  );
}

/** Overseer puts files and secrets of the app there itself; gate 3 lets no signed path point there. */
function isOwn(source: string, ownFolders: readonly string[]): boolean {
  return ownFolders.some((folder) => source.startsWith(`${folder}/`));
}
