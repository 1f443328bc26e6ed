/** The mark: an eye's ring over a horizon. Decoration beside the name. */
export function Brand({ size = 24 }: { size?: number }) {
  return <img src="/overseer.svg" alt="" width={size} height={size} />;
}
