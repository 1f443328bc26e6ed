import type { Result } from '#shared/kernel/index.ts';

/** A reader of what comes from somebody else: whatever it gets, it answers with a Result. */
export interface ParserUnderTest {
  /** Inputs that it takes; each is tried before any is bent, so that a parser which refuses all is noticed. */
  readonly samples: readonly Uint8Array[];
  /** The largest input that may reach it, in bytes; what is larger is cut off before. */
  readonly largest: number;
  parse(input: Uint8Array): Result<unknown> | Promise<Result<unknown>>;
}

/** Modules of parsers export this: made once in the worker, with keys and ids that repeat. */
export type ParserMaker = () => ParserUnderTest | Promise<ParserUnderTest>;
