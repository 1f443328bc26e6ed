import type { EngineSearch } from './at-hand-engine.ts';

/** Where the demo runs and why, or what is missing for either place. */
export type PlaceChoice = { place: 'at-hand' | 'lab'; why: string } | { place: null; why: string; next: string };

/** An engine at hand comes first, then the lab, which needs root on Linux; `wanted` is what the person said. */
export function choosePlace(about: {
  wanted: 'at-hand' | 'lab' | null;
  engine: EngineSearch;
  isLinuxRoot: boolean;
}): PlaceChoice {
  const { wanted, engine, isLinuxRoot } = about;
  if (wanted !== 'lab' && engine.found) return { place: 'at-hand', why: engine.engine.about };
  const noEngine = engine.found ? '' : engine.why;
  if (wanted === 'at-hand')
    return { place: null, why: `No engine at hand: ${noEngine}.`, next: `${START_DOCKER} Then run the demo again.` };
  if (isLinuxRoot)
    return { place: 'lab', why: wanted === 'lab' ? 'asked for by --lab' : `root on Linux, and ${noEngine}` };
  if (wanted === 'lab')
    return {
      place: null,
      why: 'The lab needs root on Linux, for namespaces of its own.',
      next: 'Run it as root in a Linux machine, or leave --lab out to use a Docker engine at hand.',
    };
  return {
    place: null,
    why: `No engine at hand: ${noEngine}. The lab, the other place, needs root on Linux.`,
    next: `${START_DOCKER} Or run the demo as root on Linux.`,
  };
}

const START_DOCKER =
  'Install Docker with Compose, start it, and see that `docker version` shows a server for you (on Linux: group docker).';
