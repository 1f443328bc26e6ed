import { ensureParts, type Note, type Part } from './part.ts';
import { compose } from './parts/compose.ts';
import { type EngineVersion, engineRoots } from './parts/engine.ts';
import { registryData } from './parts/registry.ts';
import { tools } from './parts/tools.ts';

const worldParts: readonly Part[] = [tools, compose, registryData];

/** Fetches and builds what a world with these engines needs and what is not in the cache yet. Says nothing when all is there. */
export const provisionWorld = (note: Note, engines: readonly EngineVersion[] = ['28.5']): Promise<void> =>
  ensureParts([...worldParts, ...new Set(engines.map((engine) => engineRoots[engine]))], note);
