import type { z } from 'zod';
import { isAlarm } from '#shared/contracts/errors/alarms.ts';
import { type Bridge, type CallInput, calls, type TopicItem, type TopicName } from '#shared/contracts/ipc/index.ts';
import type { PromptAnswer, PromptView } from '#shared/contracts/ipc/prompt.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import {
  claimToPrompt,
  deviceToPrompt,
  forgetToPrompt,
  inviteToPrompt,
  planToPrompt,
  revealToPrompt,
  settleToPrompt,
} from '../prompt/prompt-views.ts';
import type { PersonCall } from './person-calls.ts';
import type { Question } from './relay.ts';

/** How long a question may stand unanswered; what it shows may be old by then. */
export const PROMPT_TIMEOUT_MS = 10 * 60_000;

/** Shows a prompt; `timed-out` and a closed window count as their own answers. One that is shown is brought forward. */
export interface Prompter {
  show(view: PromptView): Promise<PromptAnswer | { readonly answer: 'closed' | 'timed-out' }>;
  /** Brings the prompt that is shown to the front. */
  focus(): void;
}

/**
 * Puts questions of pages to the person, one at a time for the whole program: a page that floods it with questions gets
 * refusals, not a stack of windows to click away. What is shown comes from the replica host by the main process's own
 * bridge, never from the page. Resolves with null when the person agreed.
 */
export function createAskPerson(host: Bridge, prompter: Prompter): (question: Question) => Promise<Fault | null> {
  let busy = false;
  return async (question) => {
    if (busy) {
      prompter.focus();
      return otherOpen();
    }
    busy = true;
    try {
      const view = await viewOf(host, question);
      if (!view.ok) return view.error;
      return decideRefusal((await prompter.show(view.value)).answer);
    } finally {
      busy = false;
    }
  };
}

/** What an answer means for the call: only the confirming button lets it go on. */
export function decideRefusal(answer: PromptAnswer['answer'] | 'closed' | 'timed-out'): Fault | null {
  switch (answer) {
    case 'confirmed':
      return null;
    case 'cancelled':
    case 'closed':
      return fault(
        'desktop.declined',
        'denied',
        'it was not confirmed',
        'Nothing was done. Start it again if you want it.',
      );
    case 'timed-out':
      return fault(
        'desktop.not-answered',
        'transient',
        'the window that asks stood open for too long',
        'Nothing was done. Start it again and answer within ten minutes.',
      );
  }
}

type Inputs = {
  readonly [N in PersonCall]: (host: Bridge, input: never, begun: unknown) => Promise<Result<PromptView>>;
};

const views: Inputs = {
  async confirmPlan(host, input: CallInput<'confirmPlan'>) {
    const plan = await host.call('readPlan', { planId: input.planId });
    if (!plan.ok) return plan;
    const [blocked] = plan.value.blocked;
    if (blocked) return err(blocked as Fault);
    if (plan.value.ownerCommand !== null) return err(ownersOnly(plan.value.ownerCommand));
    return ok(planToPrompt(plan.value));
  },
  async approveDevice(host, input: CallInput<'approveDevice'>) {
    const rows = await firstOf(host, 'deviceRequests');
    if (!rows.ok) return rows;
    const request = rows.value.set.find((row) => row.id === input.id);
    if (!request) return err(noRequest());
    return request.code === null ? err(notCompared()) : ok(deviceToPrompt(request));
  },
  async finishClaim(host, _input, begun) {
    const names = calls.beginClaim.input.safeParse(begun);
    if (!names.success) return err(nothingBegun());
    const session = await firstOf(host, 'session');
    return session.ok ? ok(claimToPrompt(names.data, session.value)) : session;
  },
  async forgetDevice(host) {
    const session = await firstOf(host, 'session');
    return session.ok ? ok(forgetToPrompt(session.value)) : session;
  },
  async revealSecret(host, input: CallInput<'revealSecret'>) {
    const rows = await firstOf(host, 'secrets');
    if (!rows.ok) return rows;
    const secret = rows.value.set.find((row) => row.appId === input.appId && row.name === input.name);
    return secret ? ok(revealToPrompt(secret)) : err(noSecret());
  },
  async settleAlarms(host) {
    const session = await firstOf(host, 'session');
    if (!session.ok) return session;
    const alarms = session.value.notices.filter(({ fault: why }) => isAlarm(why.code));
    return alarms.length === 0 ? err(noAlarm()) : ok(settleToPrompt(alarms));
  },
  async inviteNode(_host, input: CallInput<'inviteNode'>) {
    return ok(inviteToPrompt(input.name));
  },
};

function viewOf(host: Bridge, question: Question): Promise<Result<PromptView>> {
  const input = calls[question.name].input.safeParse(question.input);
  if (!input.success) return Promise.resolve(err(badInput(input.error)));
  return views[question.name](host, input.data as never, question.begun);
}

type FirstMessage<N extends TopicName> = N extends 'session' ? TopicItem<N> : { readonly set: readonly TopicItem<N>[] };

/** The present state of a topic: its first message is whole. */
function firstOf<N extends 'session' | 'deviceRequests' | 'secrets'>(
  host: Bridge,
  topic: N,
): Promise<Result<FirstMessage<N>>> {
  return new Promise((resolve) => {
    let stop: (() => void) | undefined;
    let over = false;
    const settle = (result: Result<FirstMessage<N>>): void => {
      over = true;
      stop?.();
      resolve(result);
    };
    stop = host.subscribe(topic, {} as never, {
      onMessage: (message) => settle(ok(message as unknown as FirstMessage<N>)),
      onEnd: (why) => {
        if (!over) settle(err(why ?? noAnswer()));
      },
    });
    if (over) stop();
  });
}

function otherOpen(): Fault {
  return fault(
    'desktop.prompt-open',
    'transient',
    'another question is open already',
    'Answer the window that asks first, then try again.',
  );
}

function badInput(error: z.ZodError): Fault {
  const field = error.issues[0]?.path.map(String).join('.') ?? '';
  return fault(
    'bridge.bad-input',
    'permanent',
    `${field || 'input'}: ${error.issues[0]?.message ?? 'does not fit'}`,
    'Correct the field and try again.',
    field ? { field } : {},
  );
}

function ownersOnly(command: string): Fault {
  return fault('desktop.owners-only', 'denied', 'this device may not sign it', `On an owner’s device, run: ${command}`);
}

function noRequest(): Fault {
  return fault('desktop.no-request', 'permanent', 'no such device asks to be let in', 'Ask again on the new device.');
}

function noSecret(): Fault {
  return fault('desktop.no-secret', 'permanent', 'there is no such secret', 'Look at the list as it is now.');
}

function noAlarm(): Fault {
  return fault('desktop.no-alarm', 'permanent', 'no alarm stands', 'Look at the audit as it is now.');
}

function notCompared(): Fault {
  return fault(
    'desktop.not-compared',
    'conflict',
    'there is no code to compare yet',
    'Open the request first, compare the code on both screens, then confirm.',
  );
}

function nothingBegun(): Fault {
  return fault('desktop.nothing-begun', 'conflict', 'no claim was begun here', 'Begin with the setup code.');
}

function noAnswer(): Fault {
  return fault(
    'desktop.host-ended',
    'transient',
    'the part of Overseer that holds your replica did not answer',
    'Try again.',
  );
}
