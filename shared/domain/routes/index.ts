export * from './dns-ownership.ts';
export * from './dns-port.ts';
