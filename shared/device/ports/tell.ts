/** How a remark should look; colour is never its only sign. */
export type NoteTone = 'good' | 'warn' | 'bad' | 'dim';

/** What a person is told while something goes on, beside its result. */
export interface Tell {
  note(text: string, tone?: NoteTone): void;
  /** What is going on right now; null when it is over. */
  status(text: string | null): void;
}
