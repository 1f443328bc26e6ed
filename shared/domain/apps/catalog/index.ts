export type { CatalogApp, CatalogInput, CatalogSecret } from './app-schema.ts';
export { checkCatalogEntry } from './check-entry.ts';
export { ALPHABETS, type Alphabet, generateSecret } from './generate-secret.ts';
export type { InputValue } from './inputs.ts';
export { parseCatalogApp } from './parse-app.ts';
export {
  type CatalogEntry,
  type RenderedApp,
  type RenderedSecret,
  type RenderRequest,
  renderCatalogApp,
} from './render.ts';
