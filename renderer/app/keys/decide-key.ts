/** What the shell knows of a pressed key. */
export interface KeyQuestion {
  readonly key: string;
  /** Ctrl, Alt or the command key is held. */
  readonly isModified: boolean;
  /** Somebody types into a field, or a dialog is open. */
  readonly isTyping: boolean;
  /** g was pressed just before. */
  readonly afterG: boolean;
}

export type KeyDecision =
  | { readonly do: 'nothing' | 'await-second' | 'filter' | 'help' }
  | { readonly do: 'go'; readonly path: string };

/** What a key does outside of fields. `goKeys`: key after g → address. */
export function decideKey(question: KeyQuestion, goKeys: ReadonlyMap<string, string>): KeyDecision {
  const { key, isModified, isTyping, afterG } = question;
  if (isModified || isTyping) return { do: 'nothing' };
  const path = afterG ? goKeys.get(key) : undefined;
  if (path !== undefined) return { do: 'go', path };
  if (key === 'g') return { do: 'await-second' };
  if (key === '/') return { do: 'filter' };
  return { do: key === '?' ? 'help' : 'nothing' };
}
