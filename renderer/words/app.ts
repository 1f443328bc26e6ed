/** Words of the shell: navigation, states, palette. */
export const app = {
  nav: {
    overview: 'Overview',
    nodes: 'Nodes',
    apps: 'Apps',
    catalog: 'Catalogue',
    routes: 'Routes',
    secrets: 'Secrets',
    jobs: 'Jobs',
    audit: 'Audit',
    plan: 'Plan',
    devices: 'Devices',
    settings: 'Settings',
  },
} as const;
