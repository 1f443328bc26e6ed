import type { AppRow, CallName, CallOutput, NodeRow, SessionView } from '#shared/contracts/ipc/index.ts';
import { err, fault, ok } from '#shared/kernel/index.ts';
import type { BridgeDouble } from '#shared/testing/bridge-double.ts';
import { app, composeText, detailOf, filmsException, planOf, proposalOf, routeOf, secretsOf } from './fixtures/apps.ts';
import { answerFleet, troubledRoutes } from './fixtures/fleet.ts';
import { ago, hashOf, idOf } from './fixtures/ids.ts';
import { job, withSteps } from './fixtures/jobs.ts';
import { devices, invitation, node, request } from './fixtures/nodes.ts';
import { awaySession, outsideSession, readySession } from './fixtures/session.ts';
import { flood, playTrouble, tellLog } from './fixtures/trouble.ts';

interface Fleet {
  session: SessionView;
  nodes: readonly NodeRow[];
  apps: readonly AppRow[];
  isBusy?: boolean;
}

const recoveryWords =
  'abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual'.split(
    ' ',
  );

/** All topics of one fleet. */
function tellFleet(double: BridgeDouble, { session, nodes, apps, isBusy = false }: Fleet): void {
  const whole = <T>(set: readonly T[]) => ({ set, drop: [], whole: true });
  const placed = nodes.map((one) => ({
    ...one,
    apps: apps.filter((row) => row.node?.nodeId === one.id).map(({ id, name, kind }) => ({ appId: id, name, kind })),
  }));
  const [first, second] = apps;
  const jobs = apps
    .slice(0, 40)
    .map((row, index) =>
      job(
        row,
        3 + index * 47,
        isBusy && index === 1
          ? { state: 'failed', outcome: 'rolled-back', awayMs: 4_200, fault: unhealthy }
          : isBusy && index === 2
            ? { state: 'running', outcome: null, endedAt: null, startedAt: ago(0), createdAt: ago(0) }
            : {},
      ),
    );
  double.tell('session', session);
  double.tell('nodes', whole(placed));
  double.tell('apps', whole(apps));
  double.tell('invitations', whole(isBusy ? [invitation('attic', 'open'), invitation('cellar', 'expired')] : []));
  double.tell('jobs', whole(jobs));
  double.tell('routes', whole(isBusy ? troubledRoutes(apps) : apps.map(routeOf)));
  double.tell('secrets', whole(apps.flatMap(secretsOf)));
  double.tell('devices', whole(apps.length > 0 ? devices : devices.slice(1)));
  double.tell('deviceRequests', whole(isBusy ? [request] : []));
  double.tell('proposals', whole(isBusy && first ? [proposalOf(first)] : []));
  const plans = isBusy ? [first, apps[3]].flatMap((one) => (one ? [planOf(one)] : [])) : [];
  const isAway = session.core.contact.state === 'away';
  double.tell('pending', {
    plans: plans.map((plan) => (isAway ? { ...plan, asOf: ago(42) } : plan)),
    stuck:
      isBusy && apps[4]
        ? [
            {
              appId: apps[4].id,
              appName: apps[4].name,
              fault: {
                code: 'app.clash',
                kind: 'conflict',
                message: `${apps[4].name} was edited in two places at once`,
                next: 'Choose which of the two Compose files stays.',
              },
            },
          ]
        : [],
    intents:
      isAway && second
        ? [
            {
              id: idOf('intent'),
              appId: second.id,
              appName: second.name,
              verb: 'deploy',
              createdAt: ago(20),
              state: 'waiting',
              lines: ['web: 2.2.12 → 2.2.13'],
              fault: null,
            },
          ]
        : [],
    refused:
      isBusy && second
        ? [
            {
              id: hashOf('refused'),
              appId: second.id,
              appName: second.name,
              lines: ['compose: 412 lines', 'env TZ: value Europe/Berlin'],
              fault: {
                code: 'row.document-full',
                kind: 'permanent',
                message: `document app:${second.id} would grow over 16777216 bytes`,
                next: 'Remove what the app no longer needs.',
              },
              canRewrite: true,
            },
          ]
        : [],
  });
  if (first) {
    double.tell('app', detailOf(first));
    double.tell('plan', { plan: isBusy ? planOf(first) : null, fault: null });
    tellLog(double);
  }
  const shown = jobs[isBusy ? 2 : 0];
  if (shown) double.tell('job', withSteps(shown));
}

const unhealthy = {
  code: 'app.unhealthy',
  kind: 'permanent' as const,
  message: 'web did not become healthy within 60 s: exit code 1',
  next: 'Read its log: the last lines name a missing DATABASE_URL.',
};

function answerCalls(double: BridgeDouble, first: AppRow | undefined): void {
  const nothing: readonly CallName[] = [
    'finishClaim',
    'cancelClaim',
    'beginJoin',
    'cancelJoin',
    'forgetDevice',
    'discardIntent',
    'settleRefused',
    'revertEdits',
    'dismissNotice',
    'settleAlarms',
    'restartApp',
    'setSecret',
    'generateSecret',
    'removeSecret',
  ];
  for (const name of nothing) double.answer(name, () => ok({} as CallOutput<typeof name>) as never);
  double.answer('beginClaim', ({ setupCode }) =>
    setupCode === 'wrong'
      ? err(
          fault(
            'claim.wrong-code',
            'denied',
            'this is not the setup code of this core',
            'Look again at what overseer core init printed.',
            {
              field: 'setupCode',
            },
          ),
        )
      : ok({ words: recoveryWords, ask: [3, 11, 19] }),
  );
  double.answer('finishClaim', () => {
    double.tell('session', readySession());
    return ok({});
  });
  double.answer('judgeCompose', () => ok({ findings: [], services: ['web', 'db'] }));
  double.answer('readRelease', ({ number }) => ok({ number, compose: composeText, env: {}, text: '' }));
  double.answer('revealSecret', () => ok({ value: 'correct-horse-battery-staple' }));
  if (!first) return;
  double.answer('planProposal', ({ id }) => {
    const plan = planOf(first);
    const by = { kind: 'token', name: 'ci' } as const;
    return ok({
      ...plan,
      asked: { proposal: id, by, note: 'build 42', lines: plan.lines.slice(0, 1).map((line) => line.id) },
    });
  });
  double.answer('declineProposal', () => ok({}));
  double.answer('planOrder', ({ verb }) =>
    ok(
      planOf(first, {
        verb,
        stack: null,
        lines: [{ id: '1', subject: 'state', change: 'change', text: 'running → stopped' }],
      }),
    ),
  );
  double.answer('confirmPlan', () => ok({ outcome: 'sent', jobs: [idOf(`job ${first.name} 3`)], number: 5 }));
}

const few = () => {
  const nuc: NodeRow = {
    ...node('nuc', 'online', 0.22),
    holding: {
      since: ago(14),
      why: {
        code: 'hold.behind-chain',
        kind: 'transient',
        message: 'this node has written at least 214 entries into its own chain, and has 180 of them',
        next: 'it takes back from the core what it can; if it is gone for good, an owner runs `overseer nodes go-on NODE`',
      },
    },
  };
  const pi = node('pi', 'offline', 0.4);
  const nas = {
    ...node('nas', 'online', 0.88),
    openings: [
      {
        appId: idOf('opening media'),
        name: 'media',
        what: 'folder' as const,
        path: '/srv/media',
        readOnly: true,
        status: 'open' as const,
        usedBy: ['jellyfin'],
      },
    ],
    exceptions: [{ ...filmsException, appId: idOf('app jellyfin'), name: 'jellyfin' }],
  };
  const apps = [
    app('miniflux', nuc, 'running', { edited: true }),
    app('paperless', nuc, 'degraded'),
    app('immich', nas, 'applying'),
    app('uptime-kuma', nuc, 'running', { voidSigner: 'old laptop', oldSecrets: ['admin-password'] }),
    app('vaultwarden', nas, 'running', { clashes: ['compose'] }),
    app('jellyfin', nas, 'stopped'),
    app('home-assistant', pi, 'unknown'),
    app('gitea', nuc, 'draft'),
  ];
  return { nodes: [nuc, nas, pi], apps };
};

const thousand = () => {
  const nodes = Array.from({ length: 24 }, (_, index) =>
    node(
      `rack-${String(index + 1).padStart(2, '0')}`,
      index % 11 === 7 ? 'offline' : 'online',
      ((index * 37) % 90) / 100,
    ),
  );
  const statuses = ['running', 'running', 'running', 'running', 'degraded', 'stopped', 'away'] as const;
  const apps = Array.from({ length: 1_000 }, (_, index) => {
    const on = nodes[index % nodes.length];
    if (!on) throw new Error('no node');
    return app(
      `service-${String(index + 1).padStart(4, '0')}`,
      on,
      on.status === 'offline' ? 'unknown' : (statuses[((index * 13) % 97) % 7] ?? 'running'),
    );
  });
  return { nodes, apps };
};

type Play = (double: BridgeDouble) => void;

function fleetState(make: () => Fleet): Play {
  return (double) => {
    const fleet = make();
    tellFleet(double, fleet);
    answerCalls(double, fleet.apps[0]);
    answerFleet(double, fleet.nodes, fleet.apps);
  };
}

function phaseState(session: () => SessionView): Play {
  return (double) => {
    double.tell('session', session());
    answerCalls(double, undefined);
  };
}

const owned = fleetState(() => {
  const session = readySession();
  const device = session.device && { ...session.device, kind: 'desktop' as const, role: 'owner' as const };
  return { session: { ...session, device }, ...few(), isBusy: true };
});

/** The states by name, as `?state=` has them. */
export const states = {
  normal: fleetState(() => ({ session: readySession(), ...few(), isBusy: true })),
  owner: owned,
  empty: fleetState(() => ({
    session: readySession({
      device: {
        deviceId: idOf('laptop'),
        name: 'Firefox on Linux',
        kind: 'browser',
        role: 'provisional-owner',
        person: 'Robin',
      },
    }),
    nodes: [],
    apps: [],
  })),
  calm: fleetState(() => {
    const nuc = node('nuc', 'online', 0.22);
    return { session: readySession(), nodes: [nuc], apps: [app('miniflux', nuc), app('uptime-kuma', nuc)] };
  }),
  thousand: fleetState(() => ({ session: readySession(), ...thousand(), isBusy: true })),
  offline: fleetState(() => ({ session: awaySession(), ...few(), isBusy: true })),
  connecting: fleetState(() => {
    const session = readySession();
    return {
      session: { ...session, core: { ...session.core, contact: { state: 'connecting', since: ago(0), fault: null } } },
      ...few(),
    };
  }),
  notices: fleetState(() => ({
    session: readySession({
      notices: [
        { id: '1', at: ago(9), fault: unhealthy },
        {
          id: '2',
          at: ago(1),
          fault: {
            code: 'replica.refused-row',
            kind: 'conflict',
            message: 'the core refused 2 changes of this device',
            next: 'Look at the plan: what was refused stands there.',
          },
        },
        {
          id: '3',
          at: ago(30),
          fault: {
            code: 'audit.split-view',
            kind: 'conflict',
            message: 'the core showed the device phone an entry 812 of its audit that it did not show this device',
            next: 'Verify the audit on both devices; if they differ, do not trust this core.',
          },
        },
      ],
    }),
    ...few(),
    isBusy: true,
  })),
  /** Everything that can be in the way of an app. */
  trouble: (double) => {
    const { nodes, apps } = few();
    const [first, ...rest] = apps;
    if (!first) return;
    const troubled = { ...first, status: 'degraded' as const, clashes: ['compose'], waiting: true };
    fleetState(() => ({ session: readySession(), nodes, apps: [troubled, ...rest], isBusy: true }))(double);
    playTrouble(double, troubled);
  },
  /** A thousand log lines a second. */
  flood: (double) => {
    fleetState(() => ({ session: readySession(), ...few() }))(double);
    flood(double);
  },
  loading: phaseState(() => outsideSession('loading')),
  unclaimed: phaseState(() => outsideSession('unclaimed')),
  claiming: phaseState(() => outsideSession('claiming')),
  stranger: phaseState(() => outsideSession('stranger', { fleet: { id: hashOf('fleet'), name: 'home' } })),
  joining: phaseState(() =>
    outsideSession('joining', {
      joining: { code: null, command: 'overseer device approve k3f7', expiresAt: ago(-14) },
    }),
  ),
  code: phaseState(() =>
    outsideSession('joining', {
      joining: { code: 'tulip 482 915', command: 'overseer device approve k3f7', expiresAt: ago(-14) },
    }),
  ),
  locked: phaseState(() => outsideSession('locked')),
  refused: phaseState(() => outsideSession('refused', { unsent: { rows: 2, intents: 0, refused: 0 } })),
} as const satisfies Record<string, Play>;

/** Whether a text names a state. */
export function isStateName(name: string): name is keyof typeof states {
  return Object.hasOwn(states, name);
}
