import { contextBridge, ipcRenderer } from 'electron';
import { CONNECT_CHANNEL } from '#shared/contracts/ipc/desktop.ts';
import { createExposedBridge } from './exposed-bridge.ts';
import { openPort } from './open-port.ts';

/** The preload script of the screens: gives the page the bridge as `window.overseer`, and nothing else. */
const { port, far } = openPort(new MessageChannel());
ipcRenderer.postMessage(CONNECT_CHANNEL, null, [far]);
contextBridge.exposeInMainWorld('overseer', createExposedBridge(port));
