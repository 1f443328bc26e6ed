/** Where things are inside every world; worlds have networks of their own, so all use the same addresses. */
export const lab = {
  zones: ['lab.example', 'home.example'],
  hub: { ipv4: '10.77.0.10', ipv6: 'fd77::10' },
  /** Nodes count from n1. */
  node: (number: number) => ({ name: `n${number}`, ipv4: `10.77.0.${10 + number}`, ipv6: `fd77::${10 + number}` }),
  registry: 'http://10.77.0.10:5000',
  pebble: { directory: 'https://10.77.0.10:14000/dir', roots: 'https://10.77.0.10:15000/roots/0' },
  cloudflarePort: 8053,
  dnsPort: 53,
} as const;
