import { words } from '#renderer/words/index.ts';
import type { AppRow, DeviceRow, JobRow, NodeRow } from '#shared/contracts/ipc/index.ts';

/** One step of a new fleet. */
export interface FirstStep {
  readonly id: 'claim' | 'node' | 'app' | 'device';
  readonly title: string;
  readonly text: string;
  readonly isDone: boolean;
  readonly action: { readonly label: string; readonly href: string } | null;
}

const text = words.overview.start;

/** The steps that make a fleet of a claimed core. Empty when all are done: then nobody has to see them any more. */
export function firstSteps(fleet: {
  nodes: readonly NodeRow[];
  apps: readonly AppRow[];
  jobs: readonly JobRow[];
  devices: readonly DeviceRow[];
  isProvisional: boolean;
}): FirstStep[] {
  const { nodes, apps, jobs, devices, isProvisional } = fleet;
  const [node] = nodes;
  const own = apps.filter(({ kind }) => kind === 'app');
  const deployed = own.find(({ running }) => running !== null);
  const working = jobs.find(({ verb, endedAt }) => verb === 'deploy' && endedAt === null);
  const hasOwner = !isProvisional && devices.some(({ kind, role }) => role === 'owner' && kind !== 'browser');

  const steps: FirstStep[] = [
    { id: 'claim', title: text.claim, text: text.claimDone, isDone: true, action: null },
    {
      id: 'node',
      title: text.node,
      text: node ? text.nodeDone(node.name) : text.nodeText,
      isDone: node !== undefined,
      action: { label: text.nodeAct, href: '/nodes/join' },
    },
    {
      id: 'app',
      title: text.app,
      text: deployed ? text.appDone(deployed.name) : node ? text.appText : text.appLater,
      isDone: deployed !== undefined,
      action: working
        ? { label: text.appWait, href: `/jobs/${working.id}` }
        : node
          ? { label: text.appAct, href: '/catalog' }
          : null,
    },
    {
      id: 'device',
      title: text.device,
      text: hasOwner ? text.deviceDone : text.deviceText,
      isDone: hasOwner,
      action: { label: text.deviceAct, href: '/devices' },
    },
  ];
  return steps.every(({ isDone }) => isDone) ? [] : steps;
}
