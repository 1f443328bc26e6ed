/** One link of a hash chain, as found in an export. */
export interface ChainLink {
  readonly seq: number;
  readonly prev: string | null;
  readonly hash: string;
}

/** A head that somebody outside the keeper remembers. */
export interface AuditWitness {
  /** `core` or a nodeId. */
  readonly chain: string;
  readonly seq?: number;
  readonly head: string;
}

export interface AuditFinding {
  /** `core`, `trust` or a nodeId. */
  readonly chain: string;
  readonly what: 'missing' | 'truncated' | 'forked' | 'altered';
  readonly seq: number | null;
  readonly message: string;
}

/** A chain read as far as it goes. */
export interface CheckedChain {
  readonly findings: readonly AuditFinding[];
  readonly entries: number;
  readonly head: string | null;
  /** seq of the last link that a witness vouches for; 0 without one. */
  readonly witnessedSeq: number;
}

/**
 * AUD-3, AUD-4: checks the links among each other and against witnesses. `sealed`: each link is signed by the chain's
 * owner, so a link that does not fit was not altered on the way but signed as a second history.
 */
export function checkChain(
  chain: string,
  links: readonly ChainLink[],
  witnesses: readonly AuditWitness[],
  sealed: boolean,
): CheckedChain {
  const findings: AuditFinding[] = [];
  const find = (what: AuditFinding['what'], seq: number | null, message: string) => {
    findings.push({ chain, what, seq, message });
  };
  const bySeq = new Map<number, ChainLink>();
  const seqOf = new Map<string, number>();
  for (const link of links) {
    if (seqOf.has(link.hash)) continue;
    seqOf.set(link.hash, link.seq);
    if (bySeq.has(link.seq)) find('forked', link.seq, `two different entries are number ${link.seq}`);
    else bySeq.set(link.seq, link);
  }
  const order = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  let before: ChainLink = { seq: 0, prev: null, hash: '' };
  for (const link of order) {
    if (link.seq !== before.seq + 1)
      find('missing', before.seq + 1, `entries ${before.seq + 1} to ${link.seq - 1} are not there`);
    else if (link.prev !== (before.seq === 0 ? null : before.hash))
      find(
        sealed ? 'forked' : 'altered',
        before.seq === 0 ? link.seq : before.seq,
        `entry ${link.seq} was made on top of another entry ${before.seq} than the one here`,
      );
    before = link;
  }

  const namedAsPrev = new Map(order.map((link) => [link.prev, link.seq]));
  let witnessedSeq = 0;
  for (const { seq, head } of witnesses) {
    const at = seqOf.get(head);
    if (at !== undefined && (seq === undefined || seq === at)) witnessedSeq = Math.max(witnessedSeq, at);
    else if (namedAsPrev.has(head))
      continue; // The gap or the change below that entry is reported above.
    else if (seq !== undefined && bySeq.has(seq))
      find('forked', seq, `a witness saw another entry ${seq} than the one here`);
    else
      find(
        'truncated',
        seq ?? null,
        `a witness saw ${seq === undefined ? 'an entry' : `entry ${seq}`} that is not here; the last one here is ${before.seq}`,
      );
  }
  return { findings, entries: order.length, head: before.seq === 0 ? null : before.hash, witnessedSeq };
}
