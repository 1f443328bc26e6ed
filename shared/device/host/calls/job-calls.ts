import { err, fault } from '#shared/kernel/index.ts';
import { asNothing, type FleetCalls, NOTHING } from './fleet-call.ts';

/** Jobs, changes that wait or came back, and notices. */
export const jobCalls: FleetCalls<
  'retryJob' | 'cancelJob' | 'discardIntent' | 'settleRefused' | 'dismissNotice' | 'retryContact'
> = {
  retryJob: ({ fleet }, { jobId }) => fleet.client.call('retryJob', { params: { id: jobId }, body: {} }),
  cancelJob: ({ fleet }, { jobId }) => fleet.client.call('cancelJob', { params: { id: jobId }, body: {} }),
  async discardIntent(host, { id }) {
    const { store } = host.fleet;
    const known = [...(await store.intents('waiting')), ...(await store.intents('clash'))];
    if (!known.some((intent) => intent.id === id)) return err(noIntent());
    await store.setIntentState(id, 'discarded', null);
    await host.intentsChanged();
    host.refresh();
    return NOTHING;
  },
  async settleRefused(host, { id, how }) {
    const settled = await host.replica.settleRefused(id, how);
    host.refresh();
    return asNothing(settled);
  },
  async dismissNotice({ notices }, { id }) {
    notices.dismiss(id);
    return NOTHING;
  },
  async retryContact(host) {
    host.contact().retry();
    return NOTHING;
  },
};

function noIntent() {
  return fault('intent.unknown', 'permanent', 'no such change waits here', 'It was signed or thrown away meanwhile.');
}
