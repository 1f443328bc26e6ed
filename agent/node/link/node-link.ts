import { connectLink, type NodeSideConnection } from '#agent/link/index.ts';
import { type CoreToNode, HEARTBEAT_MS, type NodeToCore } from '#shared/contracts/link/messages.ts';
import type { NodeFacts } from '#shared/contracts/link/observed.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { type AuditShipper, createAuditShipper } from '../audit/audit-shipper.ts';
import type { CommandRunner } from '../commands/command-runner.ts';
import { takeBackChain } from '../holding/own-chain.ts';
import { createWitness } from '../holding/witness.ts';
import type { NodeContext } from '../reconcile/node-context.ts';
import type { Reconciler } from '../reconcile/reconciler.ts';

/** What `overseer node status` shows of the link. */
export interface LinkStatus {
  readonly connected: boolean;
  readonly lastHeartbeatAt: string | null;
  readonly lastFault: Fault | null;
}

export interface NodeLink {
  /** False when the core is away. */
  send(message: NodeToCore): boolean;
  readonly status: LinkStatus;
  stop(): void;
}

export interface NodeLinkOptions {
  readonly context: NodeContext;
  readonly session: string;
  readonly facts: () => Promise<NodeFacts>;
  readonly reconciler: () => Reconciler;
  readonly commands: () => CommandRunner;
  onStatus(status: LinkStatus): void;
}

/** Keeps the link to the core and passes its messages on: hello, heartbeats, outbox, audit, and all that comes in. */
export function startNodeLink(options: NodeLinkOptions): NodeLink {
  const { context } = options;
  let connection: NodeSideConnection | undefined;
  let status: LinkStatus = { connected: false, lastHeartbeatAt: null, lastFault: null };
  // Messages are handled in their order: a log extension before the release whose signer it brings.
  let last: Promise<unknown> = Promise.resolve();

  const send = (message: NodeToCore): boolean => connection?.send(message) ?? false;
  const shipper: AuditShipper = createAuditShipper(context.store.audit, send);
  context.audit.onAppended(shipper.appended);
  const witness = createWitness(context);
  const setStatus = (change: Partial<LinkStatus>): void => {
    status = { ...status, ...change };
    options.onStatus(status);
  };

  const beat = async (on: NodeSideConnection): Promise<void> => {
    const facts = await options.facts();
    if (on.closed || !on.send({ type: 'heartbeat', facts })) return;
    setStatus({ lastHeartbeatAt: new Date(context.clock.nowMs()).toISOString() });
  };

  const greet = async (on: NodeSideConnection): Promise<void> => {
    const head = context.audit.head();
    on.send({
      type: 'hello',
      version: VERSION,
      node: context.identity.nodeId,
      session: options.session,
      trustHead: context.trust.state.head,
      nodeAuditHead: head?.hash ?? null,
      nodeAuditSeq: head?.seq ?? 0,
      floors: floorsOf(context),
      facts: await options.facts(),
    });
    tellHold();
    await beat(on);
    const heartbeat = setInterval(
      () => void beat(on).catch((cause) => context.log(`Heartbeat: ${cause}`)),
      HEARTBEAT_MS,
    );
    // Told at once where the link was closed during the greeting: a clock that went on would keep a stopped node alive.
    on.onClose(() => clearInterval(heartbeat));
  };

  /** HOLD-9: the core holds more of this node's chain than the node does. */
  let coreHoldsSeq = 0;
  const askOwnChain = (heldSeq: number): void => {
    coreHoldsSeq = heldSeq;
    const afterSeq = context.audit.head()?.seq ?? 0;
    if (heldSeq > afterSeq) send({ type: 'need-own-audit', afterSeq });
  };
  const tellHold = (): void => void send({ type: 'holding', hold: context.hold.view() });
  context.hold.onChange(() => {
    tellHold();
    setStatus({});
  });
  context.hold.start(tellHold);
  // What was missing may have come with it.
  context.trust.onChange(() => void context.hold.recheck().catch((cause) => context.log(`Holding: ${cause}`)));

  /** A full disk must not keep the node from telling what it knows; the next welcome brings the head again. */
  const keepCoreHead = (head: string | null): void => {
    try {
      if (head !== null) context.store.setSetting('core-audit-head', head);
    } catch (cause) {
      context.log(`Could not note the core's audit head: ${cause instanceof Error ? cause.message : cause}`);
    }
  };

  const handle = async (message: CoreToNode): Promise<void> => {
    switch (message.type) {
      case 'welcome':
        keepCoreHead(message.coreAuditHead);
        for (const outcome of context.store.releases.outbox()) send(outcome);
        shipper.begin(message.nodeAuditSeq);
        askOwnChain(message.nodeAuditSeq);
        options.reconciler().reporter.force();
        return;
      case 'trust': {
        const taken = await context.trust.receive(message.entries);
        if (!taken.ok) context.log(`An extension of the trust log was refused: ${taken.error.message}`);
        return;
      }
      case 'release':
        return options.reconciler().release(message);
      case 'object':
        return options.reconciler().object(message);
      case 'command':
        return options.commands().command(message);
      case 'clear-logs':
        return options.commands().clearLogs(message);
      case 'statement': {
        const taken = await context.hold.take(message.envelope);
        if (!taken.ok && taken.error.code !== 'hold.not-asked')
          context.log(`${taken.error.message}; ${taken.error.next}.`);
        return;
      }
      case 'own-audit':
        if ((await takeBackChain(context, message.entries)) === 0) return;
        await context.hold.recheck();
        return askOwnChain(coreHoldsSeq);
      case 'heads':
        return witness.see(message.entries);
      case 'vouch':
        return witness.answer(message);
      case 'credit':
        return options.commands().credit(message.command, message.frames);
      case 'cancel':
        return options.commands().cancel(message.command);
      case 'audit-ack':
        return shipper.acknowledged(message.seq);
      case 'outcome-ack':
        return context.store.releases.acknowledge(message.header);
    }
  };

  const client = connectLink({
    addresses: () => context.trust.state.cores.flatMap((core) => core.addresses),
    isExpected: (spki) => context.trust.state.cores.some((core) => core.tlsSpki === spki),
    tlsKey: context.identity.tlsKey,
    tlsCert: context.identity.tlsCert,
    version: VERSION,
    trust: {
      entries: () => context.trust.state.entries,
      receive: (entries, spki) => context.trust.receiveFromStranger(entries, spki),
    },
    onUp(up) {
      connection = up;
      context.log('Connected to the core.');
      setStatus({ connected: true, lastFault: null });
      up.onMessage((message) => {
        last = last.then(() => handle(message)).catch((cause) => failed(up, message, cause));
      });
      up.onClose(() => {
        if (connection === up) connection = undefined;
        shipper.disconnected();
        options.reconciler().disconnected();
        options.commands().disconnected();
        setStatus({ connected: false });
      });
      void greet(up).catch((cause) => {
        // A link without a hello is of no use to anybody: it is dialled anew.
        const message = `Greeting the core failed: ${cause instanceof Error ? cause.message : String(cause)}`;
        context.log(message);
        up.close({ code: 'link.lost', kind: 'transient', message, next: 'Nothing: the node dials again by itself.' });
      });
    },
    onFault(fault) {
      // The same fault every few seconds would bury the rest of the log.
      if (status.lastFault?.message !== fault.message) context.log(`Link: ${fault.message} ${fault.next}`);
      setStatus({ lastFault: fault });
    },
  });

  /** A full disk, for instance: the core sends again after the next hello, nothing half done stays. */
  const failed = (on: NodeSideConnection, message: CoreToNode, cause: unknown): void => {
    const text = cause instanceof Error ? cause.message : String(cause);
    context.log(`Could not handle ${message.type}: ${text}`);
    if (message.type !== 'release' && message.type !== 'object') return;
    on.close({ code: 'node.store-failed', kind: 'transient', message: text, next: 'Free space on the node.' });
  };

  return {
    send,
    get status() {
      return status;
    },
    stop: () => client.stop(),
  };
}

function floorsOf(context: NodeContext) {
  return context.store.releases.appIds().flatMap((appId) => {
    const newest = context.store.releases.newest(appId);
    return newest ? [{ appId, accepted: newest.number, header: newest.header, outcome: newest.outcome }] : [];
  });
}
