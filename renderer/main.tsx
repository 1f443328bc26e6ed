import '#renderer/ui/mantine.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '#renderer/app/App.tsx';
import { keepScreens } from '#renderer/app/keep-screens.ts';
import { connectElectron } from '#renderer/bridge/electron/connect.ts';
import { connectWorker } from '#renderer/bridge/web/connect-worker.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root');
const desktop = connectElectron(window);
createRoot(root).render(
  <StrictMode>
    <App bridge={desktop ?? connectWorker()} />
  </StrictMode>,
);
// The desktop brings its screens along, and while they are edited nothing should be kept.
if (desktop === null && import.meta.env.PROD) keepScreens(new URL(import.meta.url).pathname);
