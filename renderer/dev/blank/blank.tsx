import '@mantine/core/styles.css';
import { Button, MantineProvider, TextInput, Title } from '@mantine/core';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { BridgeProvider, useValue } from '#renderer/bridge/index.ts';
import { connectWorker } from '#renderer/bridge/web/connect-worker.ts';

/**
 * What `npm run bench` measures the screens against: the least page of the same stack, on the same replica host: what it waits for is the session, as every screen does.
 * One heading, one field that echoes, one button that changes the heading.
 */
function Blank() {
  const { value: session } = useValue('session', {});
  const [screen, setScreen] = useState(0);
  const [typed, setTyped] = useState('');
  if (session?.phase !== 'ready') return null;
  return (
    <main>
      <Title order={1}>Screen {screen}</Title>
      <TextInput aria-label="Echo" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      <p id="echo">{typed}</p>
      <Button onClick={() => setScreen(screen + 1)}>Change</Button>
    </main>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider defaultColorScheme="auto">
      <BridgeProvider bridge={connectWorker()}>
        <Blank />
      </BridgeProvider>
    </MantineProvider>
  </StrictMode>,
);
