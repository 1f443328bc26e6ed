/** What was ordered and how it went. */
export { JobScreen } from './JobScreen.tsx';
export { JobsScreen } from './JobsScreen.tsx';
