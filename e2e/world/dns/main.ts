/**
 * The process in the hub that stands for the internet's name side: the Cloudflare double and, fed by it, the
 * authoritative DNS server. Writes one JSON line when both listen. `labUrl` is where tests switch the double.
 */
import { createCloudflareDouble } from '../cloudflare/double.ts';
import { createDnsServer } from './server.ts';

const zones = (process.env.ZONES ?? '').split(',').filter(Boolean);
const host = process.env.HOST ?? '127.0.0.1';

const double = await createCloudflareDouble({ zones, host, port: Number(process.env.API_PORT) });
await createDnsServer({ host, port: Number(process.env.DNS_PORT) }, zones, double.records, host);
console.log(JSON.stringify({ url: double.url, labUrl: double.labUrl, token: double.token }));
