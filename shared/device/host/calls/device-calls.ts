import { err, fault, ok } from '#shared/kernel/index.ts';
import { beginApproval, finishApproval, refuseApproval } from '../../enrolment/approve-device.ts';
import { approvalsOf, toDeviceRequest } from '../rows/device-requests.ts';
import { asNothing, type FleetCalls, NOTHING, needsCore } from './fleet-call.ts';

/** Letting devices in. */
export const deviceCalls: FleetCalls<'answerDevice' | 'approveDevice' | 'refuseDevice'> = {
  async answerDevice(host, { id }) {
    const online = needsCore(host);
    if (!online.ok) return online;
    const request = host.lists.deviceRequests().get(id);
    if (!request) return err(gone());
    // One exchange for one request: what a person compares must not change behind his back.
    const known = approvalsOf(host).get(id);
    if (known) return ok(toDeviceRequest(request, known));
    const begun = await beginApproval(host.context, host.fleet, request);
    if (!begun.ok) return begun;
    approvalsOf(host).set(id, begun.value);
    host.refresh();
    return ok(toDeviceRequest(request, begun.value));
  },
  async approveDevice(host, { id }) {
    const approval = approvalsOf(host).get(id);
    if (!approval) return err(gone());
    const { fleet } = host;
    // The new device is for the person who approves it; another person is added by the command line.
    const person = fleet.trust().devices.get(fleet.device.deviceId)?.personId ?? '';
    const added = await finishApproval(host.context, fleet, approval, person);
    if (!added.ok) return added;
    approvalsOf(host).delete(id);
    host.refresh();
    return NOTHING;
  },
  async refuseDevice(host, { id }) {
    approvalsOf(host).delete(id);
    return asNothing(await refuseApproval(host.fleet, id, 'a person refused it'));
  },
};

function gone() {
  return fault(
    'device.request-unknown',
    'permanent',
    'this device no longer asks',
    'Begin anew on that device and answer it here.',
  );
}
