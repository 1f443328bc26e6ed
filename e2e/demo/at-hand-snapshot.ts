import type { DockerCli } from './at-hand-engine.ts';

/** What an engine holds: what names each object, and what of it must stay as it is. */
export type Snapshot = ReadonlyMap<string, string>;

/** Looks at every container, volume, network and tagged image of an engine. State and health are theirs to change. */
export async function takeSnapshot(docker: DockerCli): Promise<Snapshot> {
  for (let tries = 1; ; tries++) {
    try {
      return await look(docker);
    } catch (cause) {
      // On a busy engine something listed may be gone before it is looked at.
      if (tries === 3) throw cause;
    }
  }
}

async function look(docker: DockerCli): Promise<Snapshot> {
  const seen = new Map<string, string>();
  const inspect = async (kind: 'container' | 'volume' | 'network', ids: string, format: string) => {
    const list = ids.split('\n').filter((id) => id !== '');
    if (list.length === 0) return;
    const text = await docker([kind, 'inspect', '--format', format, ...list]);
    for (const line of text.split('\n').filter((one) => one !== '')) {
      const [name = '', ...rest] = line.split(' ');
      seen.set(`${kind} ${name}`, rest.join(' '));
    }
  };
  const settings =
    '{{json .HostConfig.Binds}} {{json .HostConfig.RestartPolicy}} {{range $n, $x := .NetworkSettings.Networks}}{{$n}},{{end}}';
  await inspect(
    'container',
    await docker(['ps', '-aq', '--no-trunc']),
    `{{.Name}} {{.Id}} {{.Image}} {{.Created}} ${settings}`,
  );
  await inspect('volume', await docker(['volume', 'ls', '-q']), '{{.Name}} {{.CreatedAt}} {{.Mountpoint}}');
  await inspect(
    'network',
    await docker(['network', 'ls', '-q', '--no-trunc']),
    '{{.Name}} {{.Id}} {{json .IPAM.Config}}',
  );
  const images = await docker(['image', 'ls', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}']);
  for (const line of images.split('\n')) {
    const [name = '', id = ''] = line.split(' ');
    if (id !== '') seen.set(name.includes('<none>') ? `image ${id}` : `image ${name}`, id);
  }
  return seen;
}

/** What was there before and is gone or other now. What is new is somebody else's or was looked for by its label. */
export function changesSince(before: Snapshot, after: Snapshot): string[] {
  return [...before].flatMap(([name, state]) => {
    const now = after.get(name);
    if (now === state) return [];
    return [now === undefined ? `${name} is gone` : `${name} was changed`];
  });
}
