import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { withCore } from '../token/token-client.ts';

/** Lists every public name, whether it serves, and its records. */
export function run(context: CliContext): Promise<Result<Done>> {
  return withCore(context, async (client) => {
    const listed = await client.call('listRoutes');
    if (!listed.ok) return listed;
    const { routes } = listed.value;
    return done(routes, (out) => {
      if (routes.length === 0) out.line('No routes.');
      else {
        out.table(
          ['url', 'app', 'leads to', 'status', 'records'],
          routes.map((route) => [
            route.url,
            route.appName,
            `${route.service}:${route.port}`,
            route.message ? `${route.status}: ${route.message}` : route.status,
            route.records.map((record) => `${record.type} ${record.content} ${record.status}`).join(', ') || 'none',
          ]),
        );
      }
    });
  });
}
