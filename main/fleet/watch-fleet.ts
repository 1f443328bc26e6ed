import type {
  AppRow,
  Bridge,
  DeviceRequest,
  JobRow,
  NodeRow,
  PendingView,
  SessionView,
  TopicMessage,
  TopicName,
} from '#shared/contracts/ipc/index.ts';
import { decideNotices, type Notice } from '../notifications/decide-notices.ts';
import { type FleetWord, moodOf } from '../tray/fleet-mood.ts';

/** How long after a topic ended it is asked for again: a device without a fleet has no nodes to follow yet. */
export const ASK_AGAIN_MS = 5_000;

export interface FleetWatch {
  /** Addresses that the fleet's own routes serve. */
  routeUrls(): readonly string[];
  stop(): void;
}

/** Follows the fleet by a bridge for as long as the program runs: tells its mood, and what calls for a person. */
export function watchFleet(
  bridge: Bridge,
  after: (delayMs: number, run: () => void) => () => void,
  listener: { onWord(word: FleetWord): void; onNotice(notice: Notice): void },
): FleetWatch {
  let session: SessionView | null = null;
  let pending: PendingView | null = null;
  const nodes = new Map<string, NodeRow>();
  const apps = new Map<string, AppRow>();
  const jobs = new Map<string, JobRow>();
  const requests = new Map<string, DeviceRequest>();
  let told = '';
  let stopped = false;
  const ends = new Map<TopicName, () => void>();

  const tell = (): void => {
    const word = moodOf({
      session,
      nodes: [...nodes.values()],
      apps: [...apps.values()],
      jobs: [...jobs.values()],
      pending,
      requests: [...requests.values()],
    });
    const next = JSON.stringify(word);
    if (next === told) return;
    told = next;
    listener.onWord(word);
  };

  const follow = <N extends TopicName>(topic: N, take: (message: TopicMessage<N>) => void): void => {
    if (stopped) return;
    const end = bridge.subscribe(topic, {} as never, {
      onMessage: (message) => {
        take(message);
        tell();
      },
      onEnd: () =>
        ends.set(
          topic,
          after(ASK_AGAIN_MS, () => follow(topic, take)),
        ),
    });
    ends.set(topic, end);
  };
  /** News are told of jobs and nodes only; a whole message is the first look after a start and is none. */
  const followRows = <N extends 'nodes' | 'apps' | 'jobs' | 'deviceRequests'>(
    topic: N,
    rows: Map<string, never>,
  ): void =>
    follow(topic, (message) => {
      const { set, drop, whole } = message as {
        set: readonly { id: string }[];
        drop: readonly string[];
        whole: boolean;
      };
      const before = { jobs: new Map(jobs), nodes: new Map(nodes) };
      if (whole) rows.clear();
      for (const row of set) rows.set(row.id, row as never);
      for (const id of drop) rows.delete(id);
      for (const notice of decideNotices(before, { jobs, nodes })) listener.onNotice(notice);
    });

  follow('session', (message) => {
    session = message;
  });
  follow('pending', (message) => {
    pending = message;
  });
  followRows('nodes', nodes as never);
  followRows('apps', apps as never);
  followRows('jobs', jobs as never);
  followRows('deviceRequests', requests as never);

  return {
    routeUrls: () => [...apps.values()].flatMap((app) => app.urls),
    stop() {
      stopped = true;
      for (const end of ends.values()) end();
    },
  };
}
