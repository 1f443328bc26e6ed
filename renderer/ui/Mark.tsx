import mark from './overseer.svg';

/** The mark: an eye's ring over a horizon. Decoration beside the name. */
export function Mark({ size }: { size: number }) {
  return <img src={mark} alt="" width={size} height={size} />;
}
