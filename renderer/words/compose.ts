/** Words of the Compose editor and of what its guardrails say. */
export const compose = {
  label: 'Compose file',
  placeholder: 'services: …',
  leaveHint: 'Tab indents. Escape, then Tab, leaves the editor.',
  wrap: 'Wrap lines',
  checking: 'Checking',
  fine: 'Nothing to mend',
  findings: (n: number) => `${n} to mend`,
  place: (line: number, column: number | null) => (column === null ? `Line ${line}` : `Line ${line}, column ${column}`),
  error: 'Error',
  rule: (rule: string) => `Guardrail: ${rule}`,
  allow: 'Allow with a reason…',
  allowDialog: {
    title: (rule: string) => `Allow this? ${rule}`,
    because: (reason: string, stake: string) => `The guardrail stands because ${reason}. At stake: ${stake}.`,
    better: (mend: string) => `Better: ${mend}`,
    value: (service: string | null) =>
      service === null ? 'What is allowed:' : `What is allowed, for ${service} only:`,
    reason: 'Reason',
    reasonHint: 'It stands in the signed release, and everyone sees it.',
    noReason: 'Say why it has to be',
    owner: 'This device may not sign exceptions: the plan shows the command for an owner’s device.',
    act: 'Allow it',
  },
  exceptions: {
    title: 'Exceptions',
    text: 'Guardrails that are set aside for this app, in full view.',
    inForce: 'Guardrails that the release which runs sets aside, signed by an owner.',
    of: (service: string | null, reason: string) => `${service === null ? 'For the app' : `For ${service}`}: ${reason}`,
    because: (rule: string, reason: string) => `Guardrail ${rule}: it stands because ${reason}.`,
    remove: (rule: string, value: string) => `Take back the exception ${rule} ${value}`,
  },
} as const;
