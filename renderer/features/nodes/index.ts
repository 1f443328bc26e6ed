/** The servers: their list, one of them, and the wizard that joins one. */
export { NodeScreen } from './NodeScreen.tsx';
export { NodesScreen } from './NodesScreen.tsx';
