import type { Operation } from './operation.ts';
import { fleetOperations } from './operations-fleet.ts';
import { identityOperations } from './operations-identity.ts';

/** All operations by id. */
export const operations = { ...identityOperations, ...fleetOperations } as const;

export type OperationId = keyof typeof operations;

/** The operation as its plain interface, for code that walks the table. */
export function operationOf(id: OperationId): Operation {
  return operations[id];
}

/** Every operation, in the order of the table. */
export function listOperations(): Operation[] {
  return Object.values(operations);
}
