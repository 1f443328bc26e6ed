import { Button, Group, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useStream } from '#renderer/bridge/index.ts';
import { FaultNotice, LogBox, LogLine, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { clockTime } from '#renderer/words/values.ts';
import type { LogLineView, NodeRow } from '#shared/contracts/ipc/index.ts';
import { visibleText } from '#shared/kernel/index.ts';

const text = words.nodes.logs;

/** An agent says little: what is kept fits the screen's memory without a window over it. */
const KEPT = 1_000;

/** The log of the agent on one server, read when it is asked for. */
export function AgentLog({ node }: { node: NodeRow }) {
  const [open, setOpen] = useState(false);
  const isOnline = node.status === 'online';
  return (
    <Section
      title={text.title}
      text={text.intro}
      actions={
        <Button variant="default" onClick={() => setOpen(!open)} disabled={!isOnline && !open} aria-expanded={open}>
          {open ? text.close : text.open}
        </Button>
      }
      bare
    >
      {open ? (
        <Lines nodeId={node.id} />
      ) : (
        !isOnline && (
          <Text size="sm" c="dimmed">
            {text.offline}
          </Text>
        )
      )}
    </Section>
  );
}

function Lines({ nodeId }: { nodeId: string }) {
  const [lines, setLines] = useState<readonly LogLineView[]>([]);
  const [paused, setPaused] = useState(false);
  const [held, setHeld] = useState(0);
  const buffer = useRef<LogLineView[]>([]);
  const frame = useRef(0);
  const isPaused = useRef(false);
  isPaused.current = paused;

  const draw = useCallback(() => {
    frame.current = 0;
    if (isPaused.current) return setHeld(buffer.current.length);
    const fresh = buffer.current;
    buffer.current = [];
    setHeld(0);
    setLines((before) => [...before, ...fresh].slice(-KEPT));
  }, []);
  const onAppend = (items: readonly LogLineView[]) => {
    // A stream counts from 0: another one began.
    if (items[0]?.seq === 0) {
      buffer.current = [];
      setLines([]);
    }
    buffer.current.push(...items);
    if (buffer.current.length > KEPT) buffer.current.splice(0, buffer.current.length - KEPT);
    if (frame.current === 0) frame.current = requestAnimationFrame(draw);
  };
  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    },
    [],
  );
  const stream = useStream('nodeLogs', { nodeId, tail: 500 }, { onAppend });

  const box = useRef<HTMLPreElement>(null);
  const follows = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each drawing the newest line is brought into sight
  useLayoutEffect(() => {
    if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);

  const togglePause = () => {
    isPaused.current = !paused;
    setPaused(!paused);
    if (paused) draw();
  };
  const restart = () => {
    buffer.current = [];
    setLines([]);
    setHeld(0);
    stream.restart();
  };

  return (
    <>
      <Group gap="xs" mb="xs">
        <Button
          variant="default"
          size="xs"
          onClick={togglePause}
          leftSection={paused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
        >
          {paused ? (held > 0 ? `${text.resume} (${text.held(held)})` : text.resume) : text.pause}
        </Button>
        {stream.ended && (
          <Button variant="default" size="xs" onClick={restart} leftSection={<IconRefresh size={14} aria-hidden />}>
            {text.restart}
          </Button>
        )}
        {stream.ended && !stream.fault && (
          <Text size="sm" c="dimmed" role="status">
            {text.ended}
          </Text>
        )}
      </Group>
      <FaultNotice fault={stream.fault} />
      <LogBox
        ref={box}
        label={text.label}
        height="fixed"
        onScroll={({ currentTarget }) => {
          follows.current = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < 24;
        }}
      >
        {lines.length === 0 && <span>{stream.ended ? text.empty : text.waiting}</span>}
        {lines.map((line) => (
          <LogLine key={line.seq} time={timeOf(line.at)} tone={line.stream === 'stderr' ? 'warn' : undefined}>
            {visibleText(line.text)}
          </LogLine>
        ))}
      </LogBox>
    </>
  );
}

/** An engine may stamp a line with something that is no time: then it is shown as it is. */
function timeOf(at: string): string {
  return Number.isNaN(Date.parse(at)) ? visibleText(at) : clockTime(at);
}
