/** Devices and people of the fleet. */
export { DevicesScreen } from './DevicesScreen.tsx';
