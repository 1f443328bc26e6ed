/**
 * Loads the parts of the host that nothing shown at the start needs: the calls, and with them planning and the reader of
 * Compose files. They are fetched soon after every start all the same, because a person may plan while the core is away,
 * and what a browser has not loaded by then it does not get.
 */
export async function loadLater(): Promise<void> {
  await Promise.all([import('./calls/fleet-calls.ts'), import('./rows/outline-of.ts')]);
}
