import { type Fault, FaultError, fault } from '#shared/kernel/index.ts';
import type { Sqlite } from './open-database.ts';

interface Waiting<Tx> {
  unit: (tx: Tx) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

type Settled<Tx> =
  | { waiting: Waiting<Tx>; ok: true; value: unknown }
  | { waiting: Waiting<Tx>; ok: false; error: unknown };

/**
 * Collects the writes of one event-loop turn into one transaction: one sync for all of them, and each is
 * acknowledged only after it. A unit that throws is rolled back to its own savepoint.
 */
export function createGroupCommit<Tx>(database: Sqlite, tx: Tx) {
  let queue: Waiting<Tx>[] = [];
  let running = false;
  /** B4-4: after an I/O error the file's state is not known; nothing is acknowledged until a restart. */
  let broken: Fault | null = null;
  let full: Fault | null = null;

  async function commitAll(batch: Waiting<Tx>[]): Promise<void> {
    const settled: Settled<Tx>[] = [];
    try {
      database.exec('BEGIN IMMEDIATE');
      for (const waiting of batch) settled.push(await runUnit(waiting));
      database.exec('COMMIT');
      full = null;
    } catch (cause) {
      if (database.inTransaction) {
        try {
          database.exec('ROLLBACK');
        } catch {
          // The first error is the one to tell; the connection is not used again when it was an I/O error.
        }
      }
      const reason = new FaultError(rememberFault(cause), { cause });
      for (const waiting of batch) waiting.reject(reason);
      return;
    }
    for (const item of settled) {
      if (item.ok) item.waiting.resolve(item.value);
      else item.waiting.reject(item.error);
    }
  }

  async function runUnit(waiting: Waiting<Tx>): Promise<Settled<Tx>> {
    database.exec('SAVEPOINT unit');
    try {
      const value = await waiting.unit(tx);
      database.exec('RELEASE unit');
      return { waiting, ok: true, value };
    } catch (error) {
      // A disk that refuses has rolled the whole transaction back: nobody's write may be acknowledged.
      if (!database.inTransaction || isDiskRefusal(error)) throw error;
      database.exec('ROLLBACK TO unit');
      database.exec('RELEASE unit');
      return { waiting, ok: false, error };
    }
  }

  function rememberFault(cause: unknown): Fault {
    const seen = diskFault(cause);
    if (seen.code === 'store.disk-full') full = seen;
    else if (seen.code === 'store.io-error') broken = seen;
    return seen;
  }

  async function drain(): Promise<void> {
    running = true;
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      await commitAll(batch);
      if (queue.length > 0) await new Promise((resolve) => setImmediate(resolve));
    }
    running = false;
  }

  return {
    write<T>(unit: (tx: Tx) => Promise<T>): Promise<T> {
      if (broken !== null) return Promise.reject(new FaultError(broken));
      return new Promise<T>((resolve, reject) => {
        queue.push({ unit, resolve: resolve as (value: unknown) => void, reject });
        if (running) return;
        running = true;
        setImmediate(() => void drain());
      });
    },
    failing: (): Fault | null => broken ?? full,
  };
}

function sqliteCode(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
}

function isDiskRefusal(cause: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|CORRUPT|READONLY|CANTOPEN)/.test(sqliteCode(cause));
}

/** What a refusal of the disk means for people. */
export function diskFault(cause: unknown): Fault {
  const code = sqliteCode(cause);
  if (code === 'SQLITE_FULL') {
    return fault(
      'store.disk-full',
      'transient',
      'The disk of the core is full; nothing was saved.',
      'Free some space on the disk that holds the data folder of the core, then send it again.',
    );
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  if (!isDiskRefusal(cause)) {
    return fault(
      'store.busy',
      'transient',
      `The store of the core did not take this write (${text}); nothing was saved.`,
      'Send it again. If it stays so, another program holds the data folder: look for a second core.',
    );
  }
  return fault(
    'store.io-error',
    'transient',
    `The disk of the core does not take writes (${code || 'error'}: ${text}); nothing was saved.`,
    'Check the disk and the mount of the data folder, then start the core again. What was acknowledged is kept.',
  );
}
