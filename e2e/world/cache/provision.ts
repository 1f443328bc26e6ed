import { ensureParts, type Note, type Part } from './part.ts';
import { compose } from './parts/compose.ts';
import { engineRoot } from './parts/engine.ts';
import { registryData } from './parts/registry.ts';
import { tools } from './parts/tools.ts';

const worldParts: readonly Part[] = [tools, engineRoot, compose, registryData];

/** Fetches and builds what a world needs and what is not in the cache yet. Says nothing when all is there. */
export const provisionWorld = (note: Note): Promise<void> => ensureParts(worldParts, note);
