import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { CodeBlock } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';

interface Props {
  /** Another one clears the failure: the address, so that going elsewhere works. */
  resetKey: string;
  children: ReactNode;
}

interface State {
  readonly error: unknown;
  readonly failedKey: string | null;
}

/** Keeps one failed screen from taking the others along, and says what to do. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, failedKey: null };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps({ resetKey }: Props, state: State): Partial<State> | null {
    if (state.error === null) return null;
    if (state.failedKey === null) return { failedKey: resetKey };
    return state.failedKey === resetKey ? null : { error: null, failedKey: null };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <Failure error={this.state.error} onAgain={() => this.setState({ error: null, failedKey: null })} />;
  }
}

function Failure({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  const text = words.app.crash;
  const isLoading = isLoadFailure(error);
  return (
    <Stack gap="md" maw={720} mx="auto" p="lg" role="alert">
      <Title order={1}>{isLoading ? text.chunkTitle : text.title}</Title>
      <Text>{isLoading ? text.chunkText : text.text}</Text>
      <Group gap="xs">
        {!isLoading && <Button onClick={onAgain}>{text.again}</Button>}
        <Button variant={isLoading ? 'filled' : 'default'} onClick={() => window.location.reload()}>
          {text.reload}
        </Button>
        <Button variant="default" component="a" href="/">
          {text.home}
        </Button>
      </Group>
      {!isLoading && (
        <CodeBlock
          label={text.details}
          text={error instanceof Error ? (error.stack ?? error.message) : String(error)}
        />
      )}
    </Stack>
  );
}

/** Browsers word it differently when a chunk of the bundle is not there any more, or the core is away. */
export function isLoadFailure(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    /dynamically imported module|importing a module script failed|error loading dynamically/i.test(error.message)
  );
}
