import type { ApplierContext } from './context.ts';

/** A volume of an app with what it holds, in bytes; null where the engine does not say. */
export interface VolumeSize {
  readonly name: string;
  readonly sizeBytes: number | null;
}

/** The app's volumes on this node, also after its removal, with sizes. Reading sizes walks the data: not for polling. */
export async function listVolumes(context: ApplierContext, appId: string): Promise<VolumeSize[]> {
  const owned = (await context.ownership.list(appId)).filter((one) => one.kind === 'volume');
  const usage = (await context.engine.docker.df({ type: 'volume' } as never)) as unknown as {
    Volumes?: { Name: string; UsageData?: { Size: number } | null }[] | null;
  };
  const sizes = new Map((usage.Volumes ?? []).map((one) => [one.Name, one.UsageData?.Size ?? -1]));
  return owned
    .filter((one) => sizes.has(one.name))
    .map(({ name }) => {
      const size = sizes.get(name) ?? -1;
      return { name, sizeBytes: size < 0 ? null : size };
    });
}
