import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DESKTOP_SCHEME } from '#shared/contracts/ipc/desktop.ts';
import type { ProtocolApi } from '../electron-api.ts';
import { contentTypeOf, decideFile } from './decide-file.ts';
import { pageHeaders } from './page-headers.ts';

/** Where the files of the two areas lie. */
export interface PageFolders {
  readonly app: string;
  readonly prompt: string;
}

/** Makes `overseer://` a scheme like https in Chromium's eyes. Only before the program is ready. */
export function registerScheme(protocol: ProtocolApi): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: DESKTOP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves our own pages from the package; nothing else on the disk has an address. */
export function servePages(protocol: ProtocolApi, folders: PageFolders): void {
  protocol.handle(DESKTOP_SCHEME, (request) => answerPage(request.method, request.url, folders));
}

/** The answer to one request. A file that is not there is 404, never an error. */
export async function answerPage(method: string, url: string, folders: PageFolders): Promise<Response> {
  const decided = decideFile(method, url);
  if ('status' in decided) return new Response(null, { status: decided.status });
  const contentType = contentTypeOf(decided.file);
  if (contentType === undefined) return new Response(null, { status: 404 });
  try {
    const bytes = await readFile(join(folders[decided.area], decided.file));
    return new Response(bytes, { status: 200, headers: pageHeaders(decided.area, contentType) });
  } catch {
    return new Response(null, { status: 404 });
  }
}
