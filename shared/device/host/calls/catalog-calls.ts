import type { CatalogAppView, CatalogCard, CatalogInputView } from '#shared/contracts/ipc/index.ts';
import type { CatalogEntry } from '#shared/domain/apps/catalog/index.ts';
import { ok } from '#shared/kernel/index.ts';
import type { FleetCalls } from './fleet-call.ts';

/** The catalogue that came with this program. */
export const catalogCalls: FleetCalls<'listCatalog' | 'readCatalog'> = {
  async listCatalog({ ports }) {
    const ids = await ports.catalog.list();
    if (!ids.ok) return ids;
    const apps: CatalogCard[] = [];
    for (const id of ids.value) {
      const entry = await ports.catalog.read(id);
      if (!entry.ok) return entry;
      apps.push(toCard(entry.value));
    }
    return ok({ apps });
  },
  async readCatalog({ ports }, { id }) {
    const entry = await ports.catalog.read(id);
    return entry.ok ? ok(toView(entry.value)) : entry;
  },
};

function toCard({ app, icon }: CatalogEntry): CatalogCard {
  const { id, name, description, version, website } = app;
  return { id, name, description, version, website, icon };
}

function toView(entry: CatalogEntry): CatalogAppView {
  const { app, compose } = entry;
  return {
    ...toCard(entry),
    inputs: Object.entries(app.inputs).map(([name, input]) => toInput(name, input)),
    hasRoute: app.route !== undefined,
    secrets: Object.entries(app.secrets).map(([name, { description, shown }]) => ({ name, description, shown })),
    volumes: Object.entries(app.volumes).map(([name, { description }]) => ({ name, description })),
    compose,
  };
}

function toInput(name: string, input: CatalogEntry['app']['inputs'][string]): CatalogInputView {
  return {
    name,
    type: input.type,
    label: input.label,
    description: input.description ?? null,
    optional: input.optional,
    default: input.default ?? null,
    options: input.type === 'choice' ? [...input.options] : [],
    pattern: input.type === 'string' ? (input.pattern ?? null) : null,
    hint: input.type === 'string' ? (input.hint ?? null) : null,
    min: input.type === 'integer' ? (input.min ?? null) : null,
    max: input.type === 'integer' ? (input.max ?? null) : null,
  };
}
