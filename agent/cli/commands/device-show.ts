import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';

/** Shows this device, its fleet and its core, without asking the core. */
export function run(context: CliContext): Promise<Result<Done>> {
  return withFleet(context, async ({ device, config, trust }) => {
    const state = trust();
    const addresses = state.core?.addresses ?? config.addresses;
    const json = {
      deviceId: device.deviceId,
      name: device.name,
      home: context.home.path,
      fleet: config.fleet,
      fleetName: config.fleetName,
      core: { tlsSpki: state.core?.tlsSpki ?? config.coreSpki, addresses },
      trustHead: state.head,
      devices: state.devices.size,
      nodes: state.nodes.size,
    };
    return done(json, (out) => {
      out.table(
        ['what', 'value'],
        [
          ['device', `${device.name} (${device.deviceId})`],
          ['fleet', `${config.fleetName} (${config.fleet})`],
          ['core', addresses.map(({ host, httpPort }) => `https://${host}:${httpPort}`).join(', ')],
          ['core key', state.core?.tlsSpki ?? config.coreSpki],
          ['home', context.home.path],
          ['trust head', state.head],
          ['known', `${state.devices.size} devices, ${state.nodes.size} nodes`],
        ],
      );
    });
  });
}
