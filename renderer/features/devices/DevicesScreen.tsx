import { Alert, Stack, Text } from '@mantine/core';
import { IconShieldExclamation } from '@tabler/icons-react';
import { useRows, useValue } from '#renderer/bridge/index.ts';
import {
  type Column,
  CopyField,
  FaultNotice,
  PageHeader,
  Rows,
  RowsSkeleton,
  Section,
  Stacked,
  StatusBadge,
} from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { DeviceRow } from '#shared/contracts/ipc/index.ts';
import { DeviceRequests } from './DeviceRequests.tsx';
import classes from './devices.module.css';

const text = words.devices;

/** Who may do what, and who asks to be let in. */
export function DevicesScreen() {
  const { rows, ready, fault } = useRows('devices', {});
  const { value: session } = useValue('session', {});
  const role = session?.device?.role;
  const address = session?.core.address ?? '';
  const join = `overseer device join ${address}`;
  return (
    <>
      <PageHeader title={text.title} text={text.intro} />
      {role === 'provisional-owner' && (
        <Alert
          color="yellow"
          mb="lg"
          icon={<IconShieldExclamation size={20} aria-hidden />}
          title={text.provisional.title}
          styles={{ title: { color: 'var(--mantine-color-text)' }, body: { minWidth: 0 } }}
        >
          <Stack gap="sm">
            <Text size="sm">{text.provisional.text}</Text>
            <CopyField label={text.provisional.command} value={join} />
          </Stack>
        </Alert>
      )}
      {role !== undefined && <DeviceRequests mayAnswer={role === 'owner' || role === 'provisional-owner'} />}
      <FaultNotice fault={fault} />
      {!ready && <RowsSkeleton rows={3} />}
      {ready && (
        <Rows
          label={text.title}
          rows={rows}
          columns={columns}
          rowId={({ id }) => id}
          rowHeight={72}
          defaultSort={{ column: 'name', down: false }}
        />
      )}
      {role !== undefined && role !== 'provisional-owner' && (
        <div className={classes.after}>
          <Section title={text.add.title} text={text.add.text}>
            <CopyField label={text.add.command} value={join} />
          </Section>
        </div>
      )}
    </>
  );
}

const columns: readonly Column<DeviceRow>[] = [
  {
    id: 'name',
    header: text.columns.name,
    width: 'minmax(120px, 1.2fr)',
    sortBy: ({ isThis, name }) => `${isThis ? '0' : '1'} ${name}`,
    cell: ({ name, kind, isThis }) => (
      <Stacked>
        <Text fw={600} size="sm">
          {name}
        </Text>
        <Text size="xs" c="dimmed" className={classes.wraps}>
          {text.kinds[kind]}
          {isThis && ` · ${text.thisOne}`}
        </Text>
      </Stacked>
    ),
  },
  {
    id: 'person',
    header: text.columns.person,
    width: 'minmax(80px, 0.8fr)',
    wideOnly: true,
    cell: ({ person }) => person,
  },
  {
    id: 'role',
    header: text.columns.role,
    width: 'minmax(160px, 2.5fr)',
    cell: ({ role }) => (
      <Stacked>
        <StatusBadge
          tone={role === 'provisional-owner' ? 'warn' : role === 'owner' ? 'good' : 'quiet'}
          word={text.roles[role ?? 'automation']}
          plain
        />
        <Text size="xs" c="dimmed" title={text.may[role ?? 'automation']} className={classes.two}>
          {text.may[role ?? 'automation']}
        </Text>
      </Stacked>
    ),
  },
];
