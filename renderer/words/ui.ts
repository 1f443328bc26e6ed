/** Words of renderer/ui. */
export const ui = {
  cancel: 'Cancel',
  clearFilter: 'Clear the filter',
  close: 'Close',
  copied: 'Copied',
  copy: 'Copy',
  copyLabel: (label: string) => `Copy: ${label}`,
  dismiss: 'Dismiss',
  faultCode: 'Code of this error: look it up in docs/errors.md',
  loading: 'Loading',
  sortedUp: 'sorted, lowest first',
  sortedDown: 'sorted, highest first',
  stepState: {
    waiting: 'to come',
    running: 'at work',
    done: 'done',
    failed: 'failed',
    skipped: 'left out',
  },
  typeName: (name: string) => `Type ${name} to confirm`,
  willBeLost: 'This can not be undone. Lost for ever:',
} as const;
