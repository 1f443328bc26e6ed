import { z } from 'zod';
import {
  listOperations,
  type Operation,
  PROBLEM_MEDIA_TYPE,
  problemSchema,
  SESSION_SCHEME,
  TOKEN_SCHEME,
} from '#shared/contracts/rest/index.ts';
import { VERSION } from '#shared/contracts/versions.ts';

let made: object | undefined;

/** OpenAPI 3.1 of the table of operations, from the same schemas that validate. */
export function openApiDocument(): object {
  made ??= createDocument();
  return made;
}

function createDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of listOperations()) {
    const path = paths[operation.path] ?? {};
    path[operation.method.toLowerCase()] = describeOperation(operation);
    paths[operation.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Overseer core',
      version: VERSION,
      license: { name: 'GPL-3.0-or-later', identifier: 'GPL-3.0-or-later' },
      description:
        'Desired state travels as signed rows and orders as signed change sets: the core checks, keeps and relays them, it can not make them. The same POST without an envelope makes a proposal.',
    },
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'http',
          scheme: SESSION_SCHEME,
          description: 'A memory-only session that a device opened by signing a challenge.',
        },
        token: {
          type: 'http',
          scheme: TOKEN_SCHEME,
          description:
            'An API token (`ovt_…`), made by `overseer tokens add`: it reads and proposes within its limits.',
        },
        ticket: { type: 'apiKey', in: 'query', name: 'ticket', description: 'Single use, 30 s, for WebSockets.' },
      },
      schemas: { Problem: toJson(problemSchema, 'output') },
    },
  };
}

function describeOperation(operation: Operation): object {
  const { auth, body, response, status, token } = operation;
  return {
    operationId: operation.id,
    summary: operation.summary,
    security: auth === 'none' ? [] : [{ [auth]: [] }, ...(token ? [{ token: [] }] : [])],
    'x-audit': operation.audit,
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(body) } }),
    parameters: [...parametersOf('path', operation.params), ...parametersOf('query', operation.query)],
    responses: {
      [status]: {
        description: status === 101 ? 'The WebSocket is open.' : 'Done.',
        ...(response === 'websocket' ? {} : { content: contentOf(response) }),
      },
      default: {
        description: 'Refused: the problem tells why and what to do next.',
        content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function contentOf(kind: NonNullable<Operation['body']> | Operation['response']): object {
  if (kind === 'octets') return { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
  if (kind === 'jsonl') return { 'application/jsonl': { schema: { type: 'string' } } };
  if (kind === 'events') return { 'text/event-stream': { schema: { type: 'string' } } };
  if (typeof kind === 'string') return { 'application/json': { schema: { type: 'object' } } };
  return { 'application/json': { schema: toJson(kind, 'input') } };
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined): object[] {
  if (schema === undefined) return [];
  const json = toJson(schema, 'input') as { properties?: Record<string, object>; required?: string[] };
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (json.required?.includes(name) ?? false),
    schema: property,
  }));
}

function toJson(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return rest;
}
