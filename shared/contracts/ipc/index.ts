export * from './bridge.ts';
export * from './calls.ts';
export * from './client.ts';
export * from './documents.ts';
export * from './messages.ts';
export * from './server.ts';
export * from './topics.ts';
export * from './views.ts';
