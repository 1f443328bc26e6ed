import { useCallback, useRef, useState } from 'react';
import type { CallInput, CallName, CallOutput } from '#shared/contracts/ipc/index.ts';
import type { Fault, Result } from '#shared/kernel/index.ts';
import { useBridge } from './context.ts';

export interface UsedCall<N extends CallName> {
  /** Asks; the answer is also kept in `fault` when it is a refusal. */
  run(input: CallInput<N>): Promise<Result<CallOutput<N>>>;
  /** An answer is awaited. */
  readonly busy: boolean;
  /** Why the last one was refused. */
  readonly fault: Fault | null;
  clear(): void;
}

/** One call of the bridge with its busy and refused states. The latest `run` decides what `fault` shows. */
export function useCall<N extends CallName>(name: N): UsedCall<N> {
  const bridge = useBridge();
  const [state, setState] = useState<{ busy: boolean; fault: Fault | null }>({ busy: false, fault: null });
  const turn = useRef(0);

  const run = useCallback(
    async (input: CallInput<N>) => {
      const own = ++turn.current;
      setState({ busy: true, fault: null });
      const result = await bridge.call(name, input);
      if (own === turn.current) setState({ busy: false, fault: result.ok ? null : result.error });
      return result;
    },
    [bridge, name],
  );
  const clear = useCallback(() => setState((before) => ({ ...before, fault: null })), []);
  return { run, ...state, clear };
}
