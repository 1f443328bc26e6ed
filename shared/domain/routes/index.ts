export * from './dns-ownership.ts';
export * from './dns-port.ts';
export * from './hostname.ts';
export * from './traefik-file.ts';
