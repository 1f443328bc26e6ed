import { isMap, isScalar, parseDocument } from 'yaml';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/** An image reference as it may stand in a Compose file without quotes. */
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,511}$/;

/**
 * Names other images for services of a Compose file. Only these references change in the text: comments, order and quotes of
 * everything else stay, byte for byte, so that a plan shows what was asked and nothing else.
 */
export function setComposeImages(compose: string, images: Readonly<Record<string, string>>): Result<string> {
  const document = parseDocument(compose, { maxAliasCount: 100, uniqueKeys: true } as never);
  const services = isMap(document.contents) ? document.contents.get('services', true) : undefined;
  const places: { from: number; to: number; image: string }[] = [];
  for (const [service, image] of Object.entries(images)) {
    if (!REFERENCE.test(image))
      return refuse(`"${image}" is no image reference`, 'Write it like `ghcr.io/me/app:1.2`.');
    const found = isMap(services) ? services.get(service, true) : undefined;
    const node = isMap(found) ? found.get('image', true) : undefined;
    if (!isScalar(node) || !node.range) {
      const names = isMap(services) ? services.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
      const text = `the Compose file names no image for a service "${service}"`;
      return refuse(text, names.length > 0 ? `Its services: ${names.join(', ')}.` : 'Give it a Compose file first.');
    }
    places.push({ from: node.range[0], to: node.range[1], image });
  }
  // From the end, so that the earlier places stay where they are.
  places.sort((a, b) => b.from - a.from);
  return ok(places.reduce((text, { from, to, image }) => text.slice(0, from) + image + text.slice(to), compose));
}

function refuse(message: string, next: string): Result<never> {
  return err(fault('compose.no-image', 'permanent', message, next, { field: 'images' }));
}
