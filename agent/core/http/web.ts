import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Fault, fault } from '#shared/kernel/index.ts';
import type { Log } from '../log.ts';
import { decideWebFile } from './decide-web-file.ts';
import { faultToProblem, PROBLEM_MEDIA_TYPE } from './problems.ts';
import { createWebFiles } from './web-files.ts';
import { webHeaders } from './web-headers.ts';

/** Names with a hash never change their content. */
const forever = 'public, max-age=31536000, immutable';
/** Kept, but asked for each time: the etag makes that a short answer. */
const checked = 'no-cache';

/**
 * Serves the screens from `folder` under every path that is no operation: hashed files for ever, the page for each
 * screen's address. Without the folder it says so, once in the log and in each answer; the API does not need it.
 */
export async function serveWeb(app: FastifyInstance, about: { folder: string; log: Log }): Promise<void> {
  const { folder, log } = about;
  const webFiles = createWebFiles(folder);
  if (webFiles.current() === undefined)
    log.warn('The screens are not served: there is no page in the folder', { folder });
  await app.register(fastifyStatic, {
    root: folder,
    serve: false,
    preCompressed: true,
    cacheControl: false,
    dotfiles: 'deny',
    index: false,
  });
  app.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    handler: (request: FastifyRequest, reply: FastifyReply) => {
      const path = (request.raw.url ?? '/').split('?', 1)[0] ?? '/';
      const files = webFiles.current();
      const answer = decideWebFile(path, files ?? new Set());
      if (answer.kind === 'nothing') return reply.callNotFound();
      reply.headers(webHeaders(request.headers.host)).header('vary', 'accept-encoding');
      if (files === undefined) return refuseWithoutScreens(request, reply);
      if (answer.kind === 'page') return reply.header('cache-control', checked).sendFile('index.html');
      return reply.header('cache-control', answer.forever ? forever : checked).sendFile(answer.file);
    },
  });
}

/** A person gets plain words, a program problem details. */
function refuseWithoutScreens(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const why = noScreens();
  const problem = faultToProblem(why);
  reply.code(problem.status).header('cache-control', 'no-store');
  if (request.headers.accept?.includes('text/html'))
    return reply.type('text/plain; charset=utf-8').send(`${why.message}\n${why.next}\n(${why.code})\n`);
  return reply.type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
}

function noScreens(): Fault {
  return fault(
    'web.absent',
    'permanent',
    'This core runs without its screens: the folder `web` is not beside the program.',
    'Install the whole folder `overseer`, `web` with it. The command line works without: `overseer --help`.',
  );
}
