/** The shape of each topic, apart from its schemas: a page needs the shapes at once and the schemas never. */
export const topicShapes = {
  session: 'value',
  nodes: 'collection',
  invitations: 'collection',
  apps: 'collection',
  app: 'value',
  plan: 'value',
  pending: 'value',
  jobs: 'collection',
  job: 'value',
  routes: 'collection',
  secrets: 'collection',
  devices: 'collection',
  deviceRequests: 'collection',
  proposals: 'collection',
  logs: 'stream',
  nodeLogs: 'stream',
} as const;
