/**
 * The real screens over the double of the bridge, for those who draw them: `node build/run.mjs preview`. The state comes
 * from `?state=`; nothing of this folder is part of the product.
 */
import '#renderer/ui/mantine.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '#renderer/app/App.tsx';
import { createBridgeDouble } from '#shared/testing/bridge-double.ts';
import { isStateName, states } from './states.ts';
import { serveViewDocuments } from './view-documents.ts';

const asked = new URLSearchParams(window.location.search).get('state') ?? sessionStorage.getItem('state') ?? 'normal';
const name = isStateName(asked) ? asked : 'normal';
sessionStorage.setItem('state', name);

const double = createBridgeDouble();
states[name](double);

const root = document.getElementById('root');
if (root === null) throw new Error('preview.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <App bridge={serveViewDocuments(double)} />
  </StrictMode>,
);
