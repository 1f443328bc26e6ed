export { connectLink, type LinkClient, type LinkClientOptions, type NodeSideConnection } from './client.ts';
export type { LinkConnection } from './connection.ts';
export { type CoreSideConnection, createLinkServer, type LinkServer, type LinkServerOptions } from './server.ts';
export type { TrustPort } from './trust-exchange.ts';
