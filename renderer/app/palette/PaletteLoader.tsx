import { lazy, Suspense, useState } from 'react';

const Palette = lazy(async () => ({ default: (await import('./Palette.tsx')).Palette }));

/** Loads the palette when it is first asked for, and keeps it. */
export function PaletteLoader({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [wasOpened, setWasOpened] = useState(opened);
  if (opened && !wasOpened) setWasOpened(true);
  return <Suspense fallback={null}>{wasOpened && <Palette opened={opened} onClose={onClose} />}</Suspense>;
}
