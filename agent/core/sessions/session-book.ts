import { type Clock, type Random, toBase64Url } from '#shared/kernel/index.ts';

export const CHALLENGE_LIFE_MS = 60_000;
export const TICKET_LIFE_MS = 30_000;
/** Challenges are made by anyone, so their number is bounded. */
const MAX_CHALLENGES = 1_000;

export interface Session {
  readonly deviceId: string;
  readonly expiresAtMs: number;
  /** Aborted when the device stops counting before that. */
  readonly ended: AbortSignal;
}

/** The ephemeral class: challenges, sessions and tickets live in memory only and end with the process. */
export interface SessionBook {
  createChallenge(): { challenge: string; expiresAtMs: number };
  /** True once for a challenge that was given and is not older than its life. */
  useChallenge(challenge: string): boolean;
  open(deviceId: string, expiresAtMs: number): string;
  find(session: string): Session | undefined;
  createTicket(session: Session): { ticket: string; expiresAtMs: number };
  useTicket(ticket: string): Session | undefined;
  /** Ends the sessions of devices that this does not name any more, and what they opened. */
  endAllBut(stands: (deviceId: string) => boolean): void;
}

/** Makes the book. Secrets in it are 256 random bits each. */
export function createSessionBook(clock: Clock, random: Random): SessionBook {
  const challenges = new Map<string, number>();
  const sessions = new Map<string, Session & { readonly end: AbortController }>();
  const tickets = new Map<string, { session: Session; expiresAtMs: number }>();
  const secret = () => toBase64Url(random.bytes(32));

  const dropOld = <T>(map: Map<string, T>, expiry: (value: T) => number): void => {
    for (const [key, value] of map) if (expiry(value) <= clock.nowMs()) map.delete(key);
  };
  return {
    createChallenge() {
      dropOld(challenges, (expiresAtMs) => expiresAtMs);
      const oldest = challenges.keys().next().value;
      if (challenges.size >= MAX_CHALLENGES && oldest !== undefined) challenges.delete(oldest);
      const challenge = secret();
      const expiresAtMs = clock.nowMs() + CHALLENGE_LIFE_MS;
      challenges.set(challenge, expiresAtMs);
      return { challenge, expiresAtMs };
    },
    useChallenge(challenge) {
      const expiresAtMs = challenges.get(challenge);
      challenges.delete(challenge);
      return expiresAtMs !== undefined && expiresAtMs > clock.nowMs();
    },
    open(deviceId, expiresAtMs) {
      dropOld(sessions, (session) => session.expiresAtMs);
      const id = secret();
      const end = new AbortController();
      sessions.set(id, { deviceId, expiresAtMs, end, ended: end.signal });
      return id;
    },
    find(id) {
      const session = sessions.get(id);
      return session !== undefined && session.expiresAtMs > clock.nowMs() ? session : undefined;
    },
    createTicket(session) {
      dropOld(tickets, (ticket) => ticket.expiresAtMs);
      const ticket = secret();
      const expiresAtMs = clock.nowMs() + TICKET_LIFE_MS;
      tickets.set(ticket, { session, expiresAtMs });
      return { ticket, expiresAtMs };
    },
    useTicket(ticket) {
      const found = tickets.get(ticket);
      tickets.delete(ticket);
      if (found === undefined || found.session.ended.aborted) return undefined;
      return found.expiresAtMs > clock.nowMs() ? found.session : undefined;
    },
    endAllBut(stands) {
      for (const [id, session] of sessions) {
        if (stands(session.deviceId)) continue;
        sessions.delete(id);
        session.end.abort();
      }
    },
  };
}
