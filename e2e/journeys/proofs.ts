import type { LabFleet } from './lab-fleet.ts';
import { eventually } from './lab-fleet.ts';

/** What the world outside sees of an app; nothing here asks the product. */
export interface Outside {
  /** The one address of a name's A record, as the authoritative server tells it. */
  address(hostname: string): Promise<string>;
  /** The page behind https, only with a certificate that chains to the ACME server's root. */
  page(
    url: string,
    options?: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<{ status: number; body: string; issuer: string }>;
  /** Names of containers, volumes and networks on the node that begin with ours. */
  engineObjects(): Promise<string[]>;
  /** Names of records in the zones, with their comment. */
  records(): Promise<string[]>;
}

/** Looks at a lab from outside the product. */
export function createOutside(fleet: LabFleet): Outside {
  const { world } = fleet;
  const list = async (args: string[]): Promise<string[]> => {
    const answer = await world.docker(args);
    if (answer.code !== 0) throw new Error(answer.stderr);
    return answer.stdout.split('\n').filter((line) => line !== '');
  };
  return {
    async address(hostname) {
      const answer = await world.resolve(hostname, 'A');
      const data = answer.answers.find((one) => one.type === 'A')?.data;
      if (!data) throw new Error(`${hostname} has no A record: ${JSON.stringify(answer)}`);
      return data;
    },
    async page(url, options = {}) {
      const ca = await world.pebbleRoot();
      const answer = await eventually(`${url} over verified https`, async () => {
        const got = await world.httpGet(url, { ca, ...options });
        return got.ok && got.status < 500 ? got : undefined;
      });
      return { status: answer.status, body: answer.body, issuer: answer.certificate?.issuer ?? '' };
    },
    async engineObjects() {
      const containers = await list(['ps', '-a', '--format', 'container {{.Names}}']);
      const volumes = await list(['volume', 'ls', '--format', 'volume {{.Name}}']);
      const networks = await list(['network', 'ls', '--format', 'network {{.Name}}']);
      return [...containers, ...volumes, ...networks].filter((line) => / ov[-_]/.test(line)).sort();
    },
    async records() {
      const all = (await world.cloudflareControl('records')) as {
        type: string;
        name: string;
        content: string;
        comment: string | null;
      }[];
      return all.map((one) => `${one.name} ${one.type} ${one.content} ${one.comment ?? ''}`.trim()).sort();
    },
  };
}
