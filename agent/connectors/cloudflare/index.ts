export { type CloudflareConnectorOptions, createCloudflareConnector } from './connector.ts';
