import { type BareFleet, readyFleet } from './bare-fleet.ts';
import { removeBroken } from './broken-build.ts';
import { type LabPlace, startLabPlace } from './lab-place.ts';
import type { Grounds } from './row.ts';

/** The places that rows share, each made when it is first asked for; `end` ends what was made. */
export function createGrounds(about: {
  product: string;
  stride: number;
  note: (line: string) => void;
}): Grounds & { end(): Promise<void> } {
  const { product, stride, note } = about;
  let bare: BareFleet | undefined;
  let lab: LabPlace | undefined;
  return {
    stride,
    note,
    async bare() {
      bare ??= await readyFleet(product);
      await bare.rest();
      bare.runs(product);
      bare.restore('ready');
      return bare;
    },
    async lab() {
      lab ??= await startLabPlace(product);
      return lab;
    },
    async end() {
      try {
        await bare?.end();
        await lab?.end();
      } finally {
        removeBroken();
      }
    },
  };
}
