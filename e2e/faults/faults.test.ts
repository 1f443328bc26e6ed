import { afterAll, describe, expect, it } from 'vitest';
import { bundleFolder } from '../../build/bundle/bundle-product.ts';
import { createGrounds } from './grounds.ts';
import { corePublish } from './rows/core-publish.ts';
import { oldCertificates } from './rows/old-certificates.ts';
import { turnedBytes } from './rows/turned-bytes.ts';
import { runRows, verdictOf } from './run-rows.ts';

/** The part of `npm run faults` that every test run affords: fewer points of the same sweeps. */
const STRIDE = 4;
const grounds = createGrounds({ product: bundleFolder, stride: STRIDE, note: () => undefined });
afterAll(() => grounds.end());

describe('P5: what was acknowledged survives', () => {
  it.each([corePublish, turnedBytes, oldCertificates])('P5: $title', async (row) => {
    const [ran] = await runRows([row], grounds);
    expect(ran && verdictOf(ran)).toEqual([]);
    expect(ran?.found?.points).toBeGreaterThan(0);
  });
});
