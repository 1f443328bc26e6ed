/** Apps: the list, and everything of one. */
export { AppScreen } from './detail/AppScreen.tsx';
export { AppsScreen } from './list/AppsScreen.tsx';
