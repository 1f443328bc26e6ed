/** Public names of apps. */
export { RoutesScreen } from './RoutesScreen.tsx';
