import type { LabFault, LabToken, RecordType, SeenRequest, World } from './model.ts';
import { readRecord } from './records.ts';

/** One record as tests and the lab's DNS server read it. */
export interface LabRecord {
  zone: string;
  type: RecordType;
  name: string;
  content: string;
  ttl: number;
  proxied: boolean;
  comment: string | null;
  id: string;
}

/** Switches of the double. The same verbs are reachable over HTTP: `POST /__lab/<verb>` with a JSON list of arguments. */
export interface Control {
  /** Adds or changes a token; what is not given stays, a new token may do everything. */
  setToken(token: string, change: Partial<LabToken>): LabToken;
  removeToken(token: string): void;
  /** Adds a fault; the first that fits a request is used. */
  addFault(fault: LabFault): void;
  clearFaults(): void;
  /** Most records a zone takes. */
  setQuota(records: number): void;
  /** Puts a record in by another hand, past token and clash checks; answers its id. */
  putRecord(
    zone: string,
    record: { type: RecordType; name: string; content: string; ttl?: number; proxied?: boolean; comment?: string },
  ): string;
  /** Changes a record by another hand. */
  editRecord(id: string, change: { content?: string; comment?: string | null; proxied?: boolean; ttl?: number }): void;
  removeRecord(id: string): void;
  /** Every API request since the start or the last `clearRequests`, with its body and headers. */
  requests(): SeenRequest[];
  clearRequests(): void;
  records(): LabRecord[];
}

const FULL: Omit<LabToken, 'id'> = { owner: 'user', status: 'active', zoneRead: true, dnsRead: true, dnsWrite: true };

export function createControl(world: World): Control {
  const zoneNamed = (name: string) => {
    const zone = world.zones.find((candidate) => candidate.name === name);
    if (!zone) throw new Error(`the double has no zone ${name}; it has ${world.zones.map((z) => z.name).join(', ')}`);
    return zone;
  };
  const zoneOfRecord = (id: string) => {
    const zone = world.zones.find((candidate) => candidate.records.some((record) => record.id === id));
    if (!zone) throw new Error(`the double has no record ${id}`);
    return zone;
  };
  return {
    setToken(token, change) {
      const next = {
        ...FULL,
        id: world.tokens.get(token)?.id ?? world.nextId(),
        ...world.tokens.get(token),
        ...change,
      };
      world.tokens.set(token, next);
      return next;
    },
    removeToken: (token) => void world.tokens.delete(token),
    addFault: (fault) => void world.faults.push({ ...fault }),
    clearFaults: () => void world.faults.splice(0),
    setQuota(records) {
      world.quota = records;
    },
    putRecord(zoneName, given) {
      const zone = zoneNamed(zoneName);
      const record = readRecord(given, zone, world);
      zone.records = [...zone.records, record];
      return record.id;
    },
    editRecord(id, change) {
      const zone = zoneOfRecord(id);
      zone.records = zone.records.map((record) => (record.id === id ? { ...record, ...change } : record));
    },
    removeRecord(id) {
      const zone = zoneOfRecord(id);
      zone.records = zone.records.filter((record) => record.id !== id);
    },
    requests: () => world.requests.map((request) => ({ ...request })),
    clearRequests: () => void world.requests.splice(0),
    records: () =>
      world.zones.flatMap((zone) =>
        zone.records.map(({ type, name, content, ttl, proxied, comment, id }) => ({
          zone: zone.name,
          type,
          name,
          content,
          ttl,
          proxied,
          comment,
          id,
        })),
      ),
  };
}

/** The first fault that fits, used up by one. */
export function takeFault(world: World, method: string, path: string): LabFault | undefined {
  const index = world.faults.findIndex(
    (fault) =>
      (fault.method === undefined || fault.method === method) &&
      (fault.pathIncludes === undefined || path.includes(fault.pathIncludes)),
  );
  const fault = world.faults[index];
  if (!fault) return undefined;
  if (fault.times !== undefined) {
    fault.times -= 1;
    if (fault.times <= 0) world.faults.splice(index, 1);
  }
  return fault;
}
