import type Docker from 'dockerode';
import type { AppBody } from '#shared/domain/apps/index.ts';

/** How one service of a prepared app is to run and to be judged. */
export interface PreparedService {
  readonly name: string;
  /** Hash of everything that makes its containers what they are. */
  readonly definition: string;
  readonly replicas: number;
  /** May two run at once: it is routed, keeps no data and publishes no port. */
  readonly canRunTwice: boolean;
  /** Another service waits for it to end well, so that ending is its success. */
  readonly isOneShot: boolean;
  readonly isRouted: boolean;
  readonly dependsOn: readonly string[];
  readonly image: PreparedImage;
}

/** The image of a service as resolved on this node. */
export interface PreparedImage {
  readonly reference: string;
  readonly digest: string;
  readonly info: Docker.ImageInspectInfo;
}

/** A model made by our code out of a judged one: exactly these bytes go to Compose. */
export interface PreparedModel {
  readonly project: string;
  /** JSON text; the release label of unchanged services is put in when it is sent. */
  readonly model: EngineModel;
  readonly services: ReadonlyMap<string, PreparedService>;
  /** Engine names of the volumes that must exist. */
  readonly volumes: readonly string[];
  readonly networks: readonly { readonly name: string; readonly internal: boolean }[];
}

/** Everything of an app that lies ready on this node; nothing of it runs yet. */
export interface PreparedApp {
  readonly model: PreparedModel;
  readonly body: AppBody;
  readonly digests: Record<string, string>;
}

/** The model sent to Compose. */
export interface EngineModel {
  readonly name: string;
  readonly services: Record<string, EngineService>;
  readonly networks: Record<string, { name: string; external: true }>;
  readonly volumes: Record<string, { name: string; external: true }>;
  readonly configs: Record<string, Record<string, unknown>>;
}

export interface EngineService extends Record<string, unknown> {
  image: string;
  labels: Record<string, string>;
  volumes: Record<string, unknown>[];
  environment: Record<string, string | null>;
}
