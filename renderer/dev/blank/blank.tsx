import '@mantine/core/styles.css';
import { Button, MantineProvider, TextInput, Title } from '@mantine/core';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

/** The least page of the same stack: one heading, one field that echoes, one button that changes the heading. */
function Blank() {
  const [screen, setScreen] = useState(0);
  const [typed, setTyped] = useState('');
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
      <Blank />
    </MantineProvider>
  </StrictMode>,
);
