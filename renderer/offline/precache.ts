/** What one build of the screens consists of; the build writes it into the service worker. */
export interface Precache {
  /** Changes when any file of the build does. */
  readonly version: string;
  /** Path of the script that starts the screens: a page that runs another one is of another build. */
  readonly entry: string;
  /** Paths of all files, `/index.html` among them. */
  readonly files: readonly string[];
}

/** What a new service worker says to every open page. */
export interface NewVersionMessage {
  readonly type: 'new-version';
  readonly version: string;
  readonly entry: string;
}

/** Whether a message to the page is one about a new version. */
export function isNewVersion(data: unknown): data is NewVersionMessage {
  const { type, entry } = (typeof data === 'object' && data !== null ? data : {}) as Partial<NewVersionMessage>;
  return type === 'new-version' && typeof entry === 'string';
}
