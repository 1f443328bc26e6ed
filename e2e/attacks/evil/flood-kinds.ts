/** What a flood is told. `half-open`: connected and silent; `slow-tls`: a byte of the greeting each second; `slow-read`: asks much, takes nothing. */
export interface Flood {
  readonly host: string;
  readonly port: number;
  readonly count: number;
  readonly kind: 'half-open' | 'slow-tls' | 'slow-read';
}
