export { createReplicaHost, type ReplicaHost } from './create-host.ts';
export type { DeviceVault, HostPorts } from './ports.ts';
