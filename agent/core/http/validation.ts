import type { z } from 'zod';
import { type Fault, FaultError, fault } from '#shared/kernel/index.ts';

type Issue = z.core.$ZodIssue;

/** Fastify's validator for zod schemas; the first problem is told with its field. */
export function zodValidatorCompiler({ schema, httpPart }: { schema: unknown; httpPart?: string | undefined }) {
  return (data: unknown) => {
    const parsed = (schema as z.ZodType).safeParse(data ?? {});
    if (parsed.success) return { value: parsed.data };
    return { error: new FaultError(issueToFault(parsed.error.issues[0] as Issue, httpPart ?? 'body')) };
  };
}

/** Names the field that does not fit, an unknown one too. */
export function issueToFault(issue: Issue, part: string): Fault {
  const found = innermost(issue);
  const path = found.path.map(String).join('.');
  if (found.code === 'unrecognized_keys') {
    const field = [path, found.keys[0]].filter(Boolean).join('.');
    return fault(
      'request.unknown-field',
      'permanent',
      `${part}: ${field} is not known here.`,
      'Remove it, or update the core if it is from a newer version.',
      {
        field,
      },
    );
  }
  const field = path === '' ? part : path;
  return fault(
    'request.invalid',
    'permanent',
    `${part}: ${field}: ${found.message}.`,
    'Correct it; /api/v1/openapi.json tells the form.',
    { field },
  );
}

/** Of a union, the issue of the branch that came furthest. */
function innermost(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const best = branches.sort((a, b) => a.length - b.length || depth(b) - depth(a))[0]?.[0];
  return best === undefined ? issue : innermost({ ...best, path: [...issue.path, ...best.path] } as Issue);
}

function depth(issues: readonly Issue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length));
}
