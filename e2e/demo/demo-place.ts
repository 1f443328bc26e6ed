import type { OwnerCli } from '../journeys/fleet.ts';

/** Where the demo runs its line: the lab, or the engine at hand. Nothing here asks the product. */
export interface DemoPlace {
  readonly owner: OwnerCli;
  /** Base address of the app as people open it. */
  readonly url: string;
  /** Options that a deploy of the app needs here beside those of the step. */
  readonly deployOptions: readonly string[];
  /** Writes a file into the owner's memory and gives its path. */
  memoryFile(name: string, content: string): Promise<string>;
  /** A page of the app as someone outside sees it. */
  page(path: string, options?: PageOptions): Promise<Page>;
  /** `docker …` against the node's engine; rejects when it fails. */
  docker(args: readonly string[]): Promise<string>;
  /** DNS records that lead to the app. */
  records(): Promise<readonly string[]>;
  /** Files on the node whose path names the app. */
  appFiles(appId: string): Promise<readonly string[]>;
  /** Folders that must not hold a password of an app. */
  diskFolders(): readonly string[];
}

export interface PageOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface Page {
  readonly status: number;
  readonly body: string;
}

/** Names of the engine's containers, volumes and networks that begin as Overseer's do. */
export async function engineObjects(place: Pick<DemoPlace, 'docker'>): Promise<string[]> {
  const texts = [
    await place.docker(['ps', '-a', '--format', 'container {{.Names}}']),
    await place.docker(['volume', 'ls', '--format', 'volume {{.Name}}']),
    await place.docker(['network', 'ls', '--format', 'network {{.Name}}']),
  ];
  return texts.flatMap((text) => text.split('\n')).filter((line) => / ov[-_]/.test(line));
}
