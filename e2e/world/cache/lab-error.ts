/** A failure of the lab itself (never of the product): which part, why, and what to do next. */
export class LabError extends Error {
  readonly part: string;
  readonly next: string;

  constructor(part: string, reason: string, next: string) {
    super(`${part}: ${reason}\n  next: ${next}`);
    this.name = 'LabError';
    this.part = part;
    this.next = next;
  }
}
