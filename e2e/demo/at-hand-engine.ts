import { createProcesses, type Processes } from './at-hand-processes.ts';

/** The Docker engine of this machine, as its docker CLI reaches it. */
export interface EngineAtHand {
  /** Path of its Unix socket. */
  readonly socket: string;
  /** Compose's plugin binary, or the CLI that has it. */
  readonly composeBin: string;
  /** One line that says what was found. */
  readonly about: string;
}

export type EngineSearch = { found: true; engine: EngineAtHand } | { found: false; why: string };

/** Runs `docker …` and gives what it printed; rejects with what it said when it fails. */
export type DockerCli = (args: readonly string[], timeoutMs?: number) => Promise<string>;

/** The docker CLI with this process's own environment, so that DOCKER_HOST and contexts count. */
export function createDockerCli(env: NodeJS.ProcessEnv, processes: Processes = createProcesses()): DockerCli {
  return async (args, timeoutMs = 120_000) => {
    const answer = await processes.exec(['docker', ...args], { env, timeoutMs });
    if (answer.code === 0) return answer.stdout;
    const words = answer.stderr.trim() || answer.stdout.trim();
    throw new Error(`docker ${args[0] ?? ''}: ${words || `no answer in ${timeoutMs / 1000} s`}`);
  };
}

/** Looks for an engine that this user may use, with Compose 2 or later, on this machine. */
export async function findEngine(env: NodeJS.ProcessEnv): Promise<EngineSearch> {
  const docker = createDockerCli(env);
  const quick = 15_000;
  try {
    const version = JSON.parse(await docker(['version', '--format', '{{json .}}'], quick));
    if (!version.Server) return no('the docker CLI reaches no engine');
    if (version.Server.Os !== 'linux') return no(`the engine runs ${version.Server.Os} containers, not Linux ones`);
    const host =
      env.DOCKER_HOST || (await docker(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'])).trim();
    const socket = /^unix:\/\/(\/.+)$/.exec(host)?.[1];
    if (socket === undefined)
      return no(`the engine is at ${host}, and a node works with the engine of its own machine by a Unix socket`);
    const compose = (await docker(['compose', 'version', '--short'], quick).catch(() => '')).trim();
    if (!(Number(/^v?(\d+)\./.exec(compose)?.[1]) >= 2)) return no('the docker CLI has no Compose 2 or later');
    const about = `Docker ${version.Server.Version} at ${socket}, Compose ${compose}`;
    return { found: true, engine: { socket, composeBin: await pluginPath(docker), about } };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    return no(code === 'ENOENT' ? 'there is no docker CLI' : firstSentence(message));
  }
}

/** What docker said, without the verb before it and the full stop or question behind it. */
function firstSentence(message: string): string {
  const line = message.split('\n')[0] ?? message;
  return line.replace(/^docker \S*: /, '').replace(/\. Is the docker daemon running\?$|\.$/, '');
}

function no(why: string): EngineSearch {
  return { found: false, why };
}

async function pluginPath(docker: DockerCli): Promise<string> {
  const plugins = JSON.parse(await docker(['info', '--format', '{{json .ClientInfo.Plugins}}'])) as
    | { Name: string; Path?: string }[]
    | null;
  return plugins?.find((plugin) => plugin.Name === 'compose')?.Path ?? 'docker';
}
