/** This device: its looks, its identity, what it keeps. */
export { SettingsScreen } from './SettingsScreen.tsx';
