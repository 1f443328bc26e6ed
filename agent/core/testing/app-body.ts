/** A release body that the contract takes. */
export function appBody(name: string, change: object = {}): object {
  return {
    v: 1,
    kind: 'app',
    name,
    state: 'running',
    compose: `services:\n  web:\n    image: ${name}\n`,
    images: { web: { ref: name, digest: null } },
    ...change,
  };
}
