import { bearerOf, requirePermission, tokenOf, visibleZones } from './access.ts';
import { filterRecords, filterZones } from './filters.ts';
import { ACCOUNT_ID, type LabToken, type StoredRecord, type StoredZone, type World } from './model.ts';
import { readRecord, refuseClash } from './records.ts';
import { ok, page, presentRecord, presentZone, Refusal, type Reply } from './reply.ts';

export interface ApiRequest {
  method: string;
  /** Path below `/client/v4`. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  endless: boolean;
}

/** Answers one API request and changes the world; refusals are thrown as `Refusal`. */
export function answer(request: ApiRequest, world: World): Reply {
  const segments = request.path.split('/').filter((part) => part !== '');
  const [first, second, third, fourth] = segments;
  if (request.path === '/user/tokens/verify') return verify(request, world, 'user');
  if (first === 'accounts' && second === ACCOUNT_ID && third === 'tokens' && fourth === 'verify')
    return verify(request, world, 'account');
  const token = tokenOf(request.headers, world);
  if (first === 'accounts' && segments.length === 1) return accounts(request, token);
  if (first === 'zones' && segments.length === 1) {
    requirePermission(token, 'zoneRead');
    return page(
      filterZones(visibleZones(token, world), request.query).map(presentZone),
      request.query,
      50,
      request.endless,
    );
  }
  const zone = world.zones.find((candidate) => candidate.id === second);
  if (first !== 'zones')
    throw new Refusal(400, 7003, `Could not route to ${request.path}, perhaps your object identifier is invalid?`);
  if (!zone) throw new Refusal(404, 1001, 'Invalid zone identifier');
  if (segments.length === 2) {
    requirePermission(token, 'zoneRead', zone);
    return ok(presentZone(zone));
  }
  if (third !== 'dns_records' || segments.length > 4) throw new Refusal(400, 7000, 'No route for that URI');
  return records(request, world, zone, token, fourth);
}

function verify(request: ApiRequest, world: World, owner: LabToken['owner']): Reply {
  const token = world.tokens.get(bearerOf(request.headers));
  if (!token || token.owner !== owner) throw new Refusal(401, 1000, 'Invalid API Token');
  return ok({ id: token.id, status: token.status });
}

function accounts(request: ApiRequest, token: LabToken): Reply {
  if (token.status !== 'active') throw new Refusal(403, 9109, 'Invalid access token');
  const account = {
    id: ACCOUNT_ID,
    name: "Lab's account",
    type: 'standard',
    settings: {},
    created_on: '2026-01-01T00:00:00Z',
  };
  return page([account], request.query, 50, request.endless);
}

function records(
  request: ApiRequest,
  world: World,
  zone: StoredZone,
  token: LabToken,
  recordId: string | undefined,
): Reply {
  const writes = request.method !== 'GET';
  requirePermission(token, writes ? 'dnsWrite' : 'dnsRead', zone);
  if (recordId === undefined) {
    if (request.method === 'GET')
      return page(
        filterRecords(zone.records, request.query).map(presentRecord),
        request.query,
        5_000_000,
        request.endless,
      );
    if (request.method === 'POST') return create(request, world, zone);
    throw new Refusal(405, 7001, `Method ${request.method} not available for that URI.`);
  }
  const existing = zone.records.find((record) => record.id === recordId);
  if (!existing) throw new Refusal(404, 81044, 'Record does not exist.');
  switch (request.method) {
    case 'GET':
      return ok(presentRecord(existing));
    case 'DELETE':
      zone.records = zone.records.filter((record) => record.id !== recordId);
      return ok({ id: recordId });
    case 'PUT': // replaces: what is not given goes back to its default
      return replace(zone, existing, {
        ...readRecord(request.body, zone, world),
        id: existing.id,
        createdOn: existing.createdOn,
      });
    case 'PATCH':
      return replace(zone, existing, readRecord(request.body, zone, world, existing));
    default:
      throw new Refusal(405, 7001, `Method ${request.method} not available for that URI.`);
  }
}

function create(request: ApiRequest, world: World, zone: StoredZone): Reply {
  const record = readRecord(request.body, zone, world);
  refuseClash(record, zone);
  if (zone.records.length >= world.quota) throw new Refusal(400, 81045, 'Record quota exceeded.');
  zone.records = [...zone.records, record];
  return ok(presentRecord(record));
}

function replace(zone: StoredZone, before: StoredRecord, after: StoredRecord): Reply {
  refuseClash(after, zone);
  zone.records = zone.records.map((record) => (record.id === before.id ? after : record));
  return ok(presentRecord(after));
}
