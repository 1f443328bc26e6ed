/** One thing that was done and proven. */
export interface DemoStep {
  readonly name: string;
  readonly proof: string;
  readonly tookMs: number;
}

/** Runs steps one after the other, prints each with its time, and keeps them for the table at the end. */
export interface StepRunner {
  /** `work` returns one line that says what was seen. A throw ends the demo. */
  step(name: string, work: () => Promise<string>): Promise<void>;
  table(): string;
}

/** Makes a runner that prints with `print`. */
export function createStepRunner(print: (line: string) => void): StepRunner {
  const steps: DemoStep[] = [];
  return {
    async step(name, work) {
      const started = performance.now();
      const proof = await work().catch((cause: unknown) => {
        print(`FAILED  ${name}`);
        throw cause;
      });
      const tookMs = Math.round(performance.now() - started);
      steps.push({ name, proof, tookMs });
      print(`${seconds(tookMs)}  ${name}: ${proof}`);
    },
    table: () => formatTable(steps),
  };
}

/** The steps as a plain table with a sum, widths fitted to the content. */
export function formatTable(steps: readonly DemoStep[]): string {
  const rows = [...steps, { name: 'all', proof: '', tookMs: steps.reduce((sum, step) => sum + step.tookMs, 0) }];
  const width = Math.max(...rows.map((row) => row.name.length));
  return rows.map((row) => `${seconds(row.tookMs)}  ${row.name.padEnd(width)}  ${row.proof}`.trimEnd()).join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(8);
}
