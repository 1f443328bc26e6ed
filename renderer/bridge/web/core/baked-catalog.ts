import type { CatalogPort } from '#shared/device/index.ts';
import { err, fault, ok } from '#shared/kernel/index.ts';

/** The catalogue that was built into this program; it is loaded when somebody first looks at it. */
export function createBakedCatalog(): CatalogPort {
  const load = async (): Promise<Map<string, Map<string, string>>> => {
    const { catalogFiles } = await import('./catalog-files.ts');
    const entries = new Map<string, Map<string, string>>();
    for (const [path, text] of Object.entries(catalogFiles)) {
      const [id = '', file = ''] = path.split('/').slice(-2);
      const files = entries.get(id) ?? new Map<string, string>();
      entries.set(id, files.set(file, text));
    }
    return entries;
  };
  return {
    list: async () => ok([...(await load()).keys()].sort()),
    async read(id) {
      const entries = await load();
      const files = entries.get(id);
      if (!files) return err(unknownApp(id, [...entries.keys()]));
      const { parseCatalogApp } = await import('#shared/domain/apps/catalog/index.ts');
      const app = parseCatalogApp(files.get('app.yaml') ?? '');
      if (!app.ok) return app;
      return ok({ app: app.value, compose: files.get('compose.yaml') ?? '', icon: files.get('icon.svg') ?? '' });
    },
  };
}

function unknownApp(id: string, known: readonly string[]) {
  return fault(
    'catalog.unknown-app',
    'permanent',
    `The catalogue has no app ${id}.`,
    `It has ${known.join(', ')}. Any other app is deployed from its own Compose file.`,
  );
}
