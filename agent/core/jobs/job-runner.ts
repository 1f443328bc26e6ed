import type { CoreToNode, NodeToCore } from '#shared/contracts/link/messages.ts';
import type { Job, JobStep } from '#shared/contracts/rest/index.ts';
import { type Clock, type Fault, FaultError, fault, isoTime, unwrap } from '#shared/kernel/index.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { NodeBook } from '../link/node-book.ts';
import type { Log } from '../log.ts';
import type { CoreStore, DurableWrites } from '../store/port.ts';
import type { JobRecord } from '../store/records.ts';
import { decideNext, type QueueDecision } from './decide-next.ts';
import { decideJob, type JobChange, type JobEvent } from './job-machine.ts';
import { createReleaseMessage } from './release-message.ts';

/** What a probe of the public addresses found, as steps for people. */
export interface ProbePort {
  /** Whether this job has addresses to try. */
  wanted(job: JobRecord): Promise<boolean>;
  /** Tries them; tells progress. Never throws and takes at most 30 s. */
  run(job: JobRecord, tell: (state: JobStep['state'], text: string) => void): Promise<void>;
}

export interface JobRunner {
  /** A new job, inside the transaction that makes its release durable. */
  addQueued(tx: DurableWrites, job: JobRecord): Promise<void>;
  /** The change of one event, inside a transaction; the caller then calls `settle`. */
  applyEvent(tx: DurableWrites, id: string, event: JobEvent): Promise<JobChange | null>;
  /** Whether a success of this job is followed by a probe of its addresses. */
  probeWanted(job: JobRecord): Promise<boolean>;
  /** Effects of changes that are durable now. */
  settle(changes: readonly (JobChange | null)[]): void;
  /** Looks at the queue: a node came, a job was added or ended. */
  kick(): void;
  /** A node said hello: what runs there is sent again. */
  nodeReady(nodeId: string): Promise<void>;
  nodeLost(nodeId: string): Promise<void>;
  resend(nodeId: string, appId: string, afterNumber: number): Promise<void>;
  nodeStep(nodeId: string, step: Extract<NodeToCore, { type: 'step' }>): Promise<void>;
  view(job: JobRecord): Promise<Job>;
  views(jobs: readonly JobRecord[]): Promise<Job[]>;
  /** Goes on where a stopped core stood. */
  resume(): Promise<void>;
  /** Work whose end nobody waits for but the end of the core. */
  inBackground(work: () => Promise<unknown>): void;
  /** Resolves when nothing that was begun is under way any more. */
  idle(): Promise<void>;
}

/** Runs the jobs: all state is in the store, this only moves it on. */
export function createJobRunner(about: {
  store: CoreStore;
  clock: Clock;
  events: EventHub;
  nodes: NodeBook;
  nodeName: (nodeId: string) => string;
  send: (nodeId: string, message: CoreToNode) => boolean;
  probe: ProbePort;
  log: Log;
}): JobRunner {
  const { store, clock, events, nodes, send, probe, log } = about;
  const { read } = store.durable;
  /** Last text of the queue step per job, so that waiting is told once and not at each look. */
  const told = new Map<string, string>();
  const underWay = new Set<Promise<unknown>>();
  let looking = false;
  let lookAgain = false;

  function inBackground(work: () => Promise<unknown>): void {
    const run = work().catch((error: unknown) => {
      log.error('Work in the background failed', { error: error instanceof Error ? error.message : String(error) });
    });
    underWay.add(run);
    void run.finally(() => underWay.delete(run));
  }

  async function addStep(
    job: JobRecord,
    name: JobStep['name'],
    state: JobStep['state'],
    text: string,
    at = isoTime(clock),
  ) {
    const step = { name, state, at, text };
    await store.rebuildable.addStep(job.id, step);
    events.publish({ type: 'step', data: { job: job.id, step } });
  }

  async function views(jobs: readonly JobRecord[]): Promise<Job[]> {
    const steps = await store.rebuildable.listSteps(jobs.map((job) => job.id));
    return jobs.map(({ after: _, ...job }) => ({ ...job, steps: steps.get(job.id) ?? [] }));
  }

  const publish = async (job: JobRecord) => {
    const [view] = await views([job]);
    if (view !== undefined) events.publish({ type: 'job', data: view });
  };

  async function applyEvent(tx: DurableWrites, id: string, event: JobEvent): Promise<JobChange | null> {
    const job = await tx.getJob(id);
    if (job === undefined) throw new FaultError(unknownJob(id));
    const at = isoTime(clock);
    const change = unwrap(decideJob(job, event, at));
    if (change === null) return null;
    await tx.putJob(change.job);
    await tx.addTransition({ job: id, at, from: job.state, to: change.job.state, event: event.type });
    return change;
  }

  async function transmit(job: JobRecord, afterNumber?: number): Promise<void> {
    const node = nodes.connected(job.node);
    if (node === undefined) return;
    const floor = afterNumber ?? node.floors.get(job.appId)?.number ?? 0;
    const message = await createReleaseMessage(read, job, floor);
    if (!message.ok) {
      log.error('A release can not be sent', { job: job.id, code: message.error.code });
      await addStep(job, 'send', 'failed', message.error.message);
      const event: JobEvent = { type: 'undeliverable', fault: message.error };
      settle([await store.durable.write((tx) => applyEvent(tx, job.id, event))]);
      return;
    }
    await addStep(job, 'send', 'started', `sent to ${about.nodeName(job.node)}`);
    if (!send(job.node, message.value)) await addStep(job, 'send', 'progress', waitingText(job.node));
  }

  async function probeJob(job: JobRecord): Promise<void> {
    const steps: Promise<void>[] = [];
    try {
      await probe.run(job, (state, text) => steps.push(addStep(job, 'probe', state, text)));
    } catch (cause) {
      // A probe is a finding, never a verdict: whatever befalls it, the job must come to its end.
      steps.push(addStep(job, 'probe', 'failed', cause instanceof Error ? cause.message : String(cause)));
    }
    await Promise.all(steps);
    settle([await store.durable.write((tx) => applyEvent(tx, job.id, { type: 'probed' }))]);
  }

  function settle(changes: readonly (JobChange | null)[]): void {
    for (const change of changes) {
      if (change === null) continue;
      inBackground(() => publish(change.job));
      for (const effect of change.effects) {
        if (effect === 'transmit') inBackground(() => transmit(change.job));
        else if (effect === 'probe') inBackground(() => probeJob(change.job));
        else kick();
      }
    }
  }

  const waitingText = (nodeId: string) =>
    `waiting for node ${about.nodeName(nodeId)}, last seen ${nodes.lastSeenAt(nodeId) ?? 'never'}`;

  async function carryOut(decision: QueueDecision): Promise<void> {
    const { job } = decision;
    if (decision.do === 'wait') {
      const text =
        decision.for === 'node'
          ? waitingText(decision.on)
          : decision.for === 'app'
            ? `waiting for job ${decision.on} of the same app`
            : `waiting for release ${decision.on.slice(0, 12)} of the same change`;
      const key = `${decision.for}:${decision.on}`;
      if (told.get(job.id) === key) return;
      told.set(job.id, key);
      await addStep(job, 'queue', 'started', text);
      return;
    }
    told.delete(job.id);
    if (decision.do === 'fail') {
      const event: JobEvent = { type: 'dependency-failed', fault: dependencyFailed(decision.dependency) };
      settle([await store.durable.write((tx) => applyEvent(tx, job.id, event))]);
      return;
    }
    await addStep(job, 'queue', 'done', `node ${about.nodeName(job.node)} is there`);
    settle([await store.durable.write((tx) => applyEvent(tx, job.id, { type: 'sent' }))]);
  }

  async function look(): Promise<void> {
    const queued = (await read.listJobs({ state: 'queued' })).reverse();
    if (queued.length === 0) return;
    const running = await read.listJobs({ state: 'running' });
    const others = new Map<string, JobRecord>();
    for (const header of queued.flatMap((job) => job.after)) {
      const found = await read.getJobByHeader(header);
      if (found !== undefined) others.set(header, found);
    }
    const decisions = decideNext({
      queued,
      running,
      isOnline: (node) => nodes.connected(node) !== undefined,
      stateOf: (header) => others.get(header),
    });
    for (const decision of decisions) await carryOut(decision);
  }

  /** One look at a time; a kick during a look makes one more. */
  function kick(): void {
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = true;
    inBackground(async () => {
      try {
        do {
          lookAgain = false;
          await look();
        } while (lookAgain);
      } finally {
        looking = false;
      }
    });
  }

  const runningOn = (node: string) => read.listJobs({ state: 'running', node });

  return {
    async addQueued(tx, job) {
      await tx.putJob(job);
      await tx.addTransition({ job: job.id, at: job.createdAt, from: null, to: 'queued', event: 'created' });
    },
    applyEvent,
    inBackground,
    probeWanted: (job) => probe.wanted(job),
    settle,
    kick,
    async nodeReady(nodeId) {
      for (const job of (await runningOn(nodeId)).reverse()) if (job.outcome === null) await transmit(job);
      kick();
    },
    async nodeLost(nodeId) {
      for (const job of await runningOn(nodeId)) {
        if (job.outcome === null) await addStep(job, 'send', 'progress', waitingText(nodeId));
      }
    },
    async resend(nodeId, appId, afterNumber) {
      for (const job of await runningOn(nodeId)) {
        if (job.appId === appId && job.outcome === null) await transmit(job, afterNumber);
      }
    },
    async nodeStep(nodeId, { appId, header, step, state, at, text }) {
      const job = await read.getJobByHeader(header);
      if (job === undefined || job.node !== nodeId || job.appId !== appId || job.endedAt !== null) return;
      await addStep(job, step, state, text, new Date(at).toISOString());
    },
    views,
    view: async (job) => (await views([job]))[0] as Job,
    async resume() {
      for (const job of await read.listJobs({ state: 'running' })) {
        if (job.outcome !== null) inBackground(() => probeJob(job));
        else await addStep(job, 'send', 'progress', `the core was started again; ${waitingText(job.node)}`);
      }
      kick();
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** A job that is not there. */
export function unknownJob(id: string): Fault {
  return fault('job.unknown', 'permanent', `There is no job ${id}.`, '`overseer jobs list` shows all jobs.', {
    field: 'id',
  });
}

function dependencyFailed(header: string): Fault {
  return fault(
    'job.dependency-failed',
    'conflict',
    `Release ${header} of the same change did not succeed, so this one was not sent.`,
    'Mend the other job first, then deploy both anew.',
    { detail: { header } },
  );
}
