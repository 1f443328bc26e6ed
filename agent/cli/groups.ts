/** One line about each group of verbs, for the help. */
export const groups: Readonly<Record<string, string>> = {
  device: 'this computer and the other devices of the fleet',
  people: 'who owns devices, and what they may do',
  recovery: 'the words that have the last word',
  grants: 'rights beyond a role, within limits',
  nodes: 'the servers',
  ingress: 'the reverse proxy',
  integrations: 'outside systems',
  'integrations cloudflare': 'DNS at Cloudflare',
  apps: 'what you run',
  secrets: 'what apps must know and nobody else',
  exceptions: 'guardrails that are set aside, each for one app and one value',
  routes: 'public names',
  jobs: 'queued and finished work',
  outbox: 'changes that wait for the core',
  audit: 'who did what, and the proof',
  proposals: 'wishes of API tokens',
};
