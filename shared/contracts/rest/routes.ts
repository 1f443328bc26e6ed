import { z } from 'zod';
import { idSchema } from './primitives.ts';

/** One public name: from the app's last release, with what its node reports. */
export const routeViewSchema = z.object({
  routeId: idSchema,
  appId: idSchema,
  appName: z.string(),
  node: idSchema,
  hostname: z.string(),
  service: z.string(),
  port: z.number().int(),
  url: z.string(),
  status: z.enum(['pending', 'enabled', 'warning', 'disabled', 'absent', 'unknown']),
  message: z.string().nullable(),
  records: z.array(
    z.object({
      type: z.enum(['A', 'AAAA', 'CNAME']),
      name: z.string(),
      content: z.string(),
      status: z.enum(['present', 'absent', 'clash', 'unknown']),
    }),
  ),
});

export const routesResponseSchema = z.object({ routes: z.array(routeViewSchema) });

export type RouteView = z.output<typeof routeViewSchema>;
