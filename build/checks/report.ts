/** Ends a check that runs as its own process: prints each problem and sets the exit code. */
export function report(problems: readonly string[], mend: string): void {
  if (problems.length === 0) return;
  for (const problem of problems) console.log(problem);
  console.log(`\n${problems.length} problem(s). ${mend}`);
  process.exitCode = 1;
}
