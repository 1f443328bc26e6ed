/** Secrets of all apps. */
export { SecretsScreen } from './SecretsScreen.tsx';
