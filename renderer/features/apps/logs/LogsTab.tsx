import { ActionIcon, Button, Group, Select, Switch, TextInput, Tooltip } from '@mantine/core';
import {
  IconArrowBarToDown,
  IconChevronDown,
  IconChevronUp,
  IconClearAll,
  IconDownload,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
} from '@tabler/icons-react';
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react';
import { FaultNotice } from '#renderer/ui/FaultNotice.tsx';
import { Toolbar } from '#renderer/ui/Toolbar.tsx';
import { words } from '#renderer/words/index.ts';
import { LogPane, type LogPaneHandle } from './LogPane.tsx';
import classes from './LogView.module.css';
import { LineSearch, nextMatch } from './line-search.ts';
import { linesToText, logFileName, saveText } from './log-file.ts';
import { useLog } from './use-log.ts';

export interface LogsTabProps {
  readonly appId: string;
  readonly appName: string;
  readonly services: readonly string[];
}

/** The live log of an app: all services, or one. */
export default function LogsTab({ appId, appName, services }: LogsTabProps) {
  const [service, setService] = useState<string | null>(null);
  return (
    <LogView
      // Another service is another stream and another buffer.
      key={service ?? ''}
      {...{ appId, appName, services, service }}
      onService={setService}
    />
  );
}

function LogView(props: LogsTabProps & { service: string | null; onService: (service: string | null) => void }) {
  const { appId, appName, services, service, onService } = props;
  const log = useLog(appId, service);
  const pane = useRef<LogPaneHandle>(null);
  const [wrap, setWrap] = useState(true);
  const [showTime, setShowTime] = useState(true);
  const [typed, setTyped] = useState('');
  const wanted = useDeferredValue(typed);
  const [current, setCurrent] = useState<number | null>(null);
  const [isFollowing, setFollowing] = useState(true);
  const search = useMemo(() => new LineSearch(wanted), [wanted]);
  const matches = search.update(log.view);
  const place = current === null ? -1 : matches.indexOf(current);

  const go = (direction: 1 | -1) => {
    // What is typed may be a moment ahead of what is drawn.
    const found = typed === wanted ? matches : new LineSearch(typed).update(log.view);
    const next = nextMatch(found, current, direction);
    setCurrent(next);
    if (next !== null) pane.current?.toLine(next);
  };
  const onSearchKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
    if (event.key === 'Escape') setTyped('');
  };
  const lines = log.view.end - log.view.first;
  return (
    <div className={classes.view}>
      <Toolbar
        end={
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={
                log.isPaused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />
              }
              onClick={log.isPaused ? log.resume : log.pause}
            >
              {log.isPaused ? words.apps.logs.resume(log.came) : words.apps.logs.pause}
            </Button>
            <IconAction
              label={words.apps.logs.download}
              icon={IconDownload}
              onClick={() => saveText(logFileName(appName, Date.now()), linesToText(log.view.lines()))}
            />
            <IconAction label={words.apps.logs.clear} icon={IconClearAll} onClick={log.clear} />
            <IconAction
              label={words.apps.logs.toEnd}
              icon={IconArrowBarToDown}
              onClick={() => pane.current?.toEnd()}
              disabled={isFollowing}
            />
          </Group>
        }
      >
        {services.length > 1 && (
          <Select
            aria-label={words.apps.logs.service}
            data={[
              { value: '', label: words.apps.logs.allServices },
              ...services.map((name) => ({ value: name, label: name })),
            ]}
            value={service ?? ''}
            onChange={(value) => onService(value === null || value === '' ? null : value)}
            allowDeselect={false}
            w={160}
          />
        )}
        <TextInput
          data-filter
          type="search"
          aria-label={words.apps.logs.search}
          placeholder={words.apps.logs.search}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setCurrent(null);
          }}
          onKeyDown={onSearchKey}
          w={200}
        />
        {wanted !== '' && (
          <Group gap={4} wrap="nowrap">
            <IconAction
              label={words.apps.logs.previous}
              icon={IconChevronUp}
              onClick={() => go(-1)}
              disabled={matches.length === 0}
            />
            <IconAction
              label={words.apps.logs.next}
              icon={IconChevronDown}
              onClick={() => go(1)}
              disabled={matches.length === 0}
            />
            <span role="status" className={classes.foot}>
              {words.apps.logs.matches(place + 1, matches.length)}
            </span>
          </Group>
        )}
        <Switch
          label={words.apps.logs.wrap}
          checked={wrap}
          onChange={(event) => setWrap(event.currentTarget.checked)}
        />
        <Switch
          label={words.apps.logs.times}
          checked={showTime}
          onChange={(event) => setShowTime(event.currentTarget.checked)}
        />
      </Toolbar>
      <FaultNotice
        fault={log.fault}
        actions={
          <Button size="xs" variant="default" onClick={log.restart}>
            {words.apps.logs.again}
          </Button>
        }
      />
      <LogPane
        ref={pane}
        buffer={log.view}
        version={log.version}
        label={words.apps.logs.label(appName)}
        wrap={wrap}
        showTime={showTime}
        serviceColumns={service === null && services.length > 1 ? serviceColumns(services) : 0}
        wanted={wanted}
        current={current}
        isFollowing={isFollowing}
        onFollowing={setFollowing}
      />
      <div className={classes.foot}>
        <span>{words.apps.logs.kept(lines, log.view.fallen)}</span>
        <span className={classes.grow} />
        {log.ended && log.fault === null && (
          <>
            <span role="status">{words.apps.logs.ended}</span>
            <Button size="compact-xs" variant="default" onClick={log.restart}>
              {words.apps.logs.again}
            </Button>
          </>
        )}
        {!isFollowing && !log.isPaused && <span role="status">{words.apps.logs.notFollowing}</span>}
      </div>
    </div>
  );
}

/** As wide as the longest name, up to a point: the text of the lines matters more. */
function serviceColumns(services: readonly string[]): number {
  return Math.min(Math.max(...services.map((name) => name.length)), 16) + 2;
}

function IconAction({
  label,
  icon: Shown,
  onClick,
  disabled,
}: {
  label: string;
  icon: typeof IconSearch;
  onClick: () => void;
  disabled?: boolean;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={36} aria-label={label} onClick={onClick} disabled={disabled ?? false}>
        <Shown size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
