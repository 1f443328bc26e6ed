import type { Result } from '#shared/kernel/index.ts';
import type { CliContext, Done } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Runs one verb. */
export type RunVerb = (context: CliContext, input: VerbInput) => Promise<Result<Done>>;

export interface VerbOption {
  /** As commander reads it: `--name <value>`, `--flag`, `--no-flag`. */
  readonly flags: string;
  readonly text: string;
  /** May be given several times. */
  readonly repeat?: true;
}

/** One verb of the CLI. This table makes the parser, the help, docs/cli.md and the audit test. */
export interface Verb {
  /** For instance `apps deploy`. */
  readonly path: string;
  /** `<name>` is required, `[name]` is not. */
  readonly args?: string;
  readonly summary: string;
  readonly options?: readonly VerbOption[];
  readonly examples: readonly string[];
  /** Whether an accepted run changes the fleet. */
  readonly mutating: boolean;
  /** Action of the core's audit entry that each accepted run leaves exactly once; null: none. */
  readonly audit: string | null;
  /** Takes no session and asks for no passphrase. */
  readonly offline?: true;
  readonly load: () => Promise<{ run: RunVerb }>;
}
