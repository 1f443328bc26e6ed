/** JSON as it stands in a document. */
export type DesiredValue = null | boolean | number | string | DesiredValue[] | { [key: string]: DesiredValue };

/** A document of desired state as plain data; shared/replica makes it. */
export interface DesiredDocument {
  readonly fields: Readonly<Record<string, DesiredValue>>;
  readonly collections: Readonly<
    Record<string, readonly { readonly id: string; readonly fields: Readonly<Record<string, DesiredValue>> }[]>
  >;
  readonly clashes: readonly { readonly field: string }[];
}
