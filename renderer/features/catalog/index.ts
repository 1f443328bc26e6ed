/** The catalogue and the two ways to a new app: one of its entries, or any Compose file. */
export { CatalogScreen } from './CatalogScreen.tsx';
export { ComposeScreen } from './ComposeScreen.tsx';
export { DeployScreen } from './DeployScreen.tsx';
