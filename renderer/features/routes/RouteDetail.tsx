import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { placeOfFault } from '#renderer/review/index.ts';
import { CopyField, Facts, FaultNotice, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { RouteRow } from '#shared/contracts/ipc/index.ts';
import { levelTones } from './level-tones.ts';
import { conditionOf } from './route-condition.ts';

const text = words.routes;

/** One public name: what is in its way first, then what there is. */
export function RouteDetail({ route }: { route: RouteRow }) {
  const { level, dns, certificate, recordsToMake } = conditionOf(route);
  const place = route.fault
    ? (placeOfFault(route.fault, { appId: route.appId, nodeId: route.node }) ?? {
        href: `/apps/${route.appId}`,
        label: text.detail.toApp,
      })
    : undefined;
  const facts: [string, ReactNode][] = [
    [
      text.detail.app,
      <Anchor key="app" component={Link} href={`/apps/${route.appId}`} size="sm">
        {route.appName}
      </Anchor>,
    ],
    [text.detail.service, `${route.service}:${route.port}`],
    [
      text.detail.node,
      <Anchor key="node" component={Link} href={`/nodes/${route.node}`} size="sm">
        {route.nodeName}
      </Anchor>,
    ],
    [text.detail.proxy, text.proxy[route.status]],
    [text.detail.dns, text.dns[dns]],
    ...route.records.map((record): [string, ReactNode] => [
      record.type,
      `${record.name} → ${record.content}: ${text.recordState[record.status]}`,
    ]),
    [text.detail.certificate, text.certificate[certificate]],
  ];
  if (route.message !== null) facts.push([text.detail.message, route.message]);
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <StatusBadge tone={levelTones[level]} word={text.level[level]} />
        <Button
          component="a"
          href={route.url}
          target="_blank"
          rel="noreferrer"
          variant={level === 'serving' ? 'filled' : 'default'}
          leftSection={<IconExternalLink size={16} aria-hidden />}
        >
          {text.open}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {text.levelHelp[level]}
      </Text>
      {dns === 'clash' && (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle size={20} aria-hidden />}
          title={text.clash.title}
          styles={{ title: { color: 'var(--mantine-color-text)' } }}
        >
          {text.clash.text}
        </Alert>
      )}
      <FaultNotice fault={route.fault} link={place} />
      {recordsToMake.length > 0 && (
        <div>
          <Text fw={600}>{text.byHand.title}</Text>
          <Text size="sm" c="dimmed" mb="xs">
            {text.byHand.text}
          </Text>
          <Stack gap="md">
            {recordsToMake.map(({ type, name, content }) => (
              <Stack key={`${type} ${name}`} gap={4}>
                <CopyField label={text.byHand.type} value={type} />
                <CopyField label={text.byHand.name} value={name} />
                <CopyField label={text.byHand.content} value={content} />
              </Stack>
            ))}
          </Stack>
        </div>
      )}
      <Facts facts={facts} />
    </Stack>
  );
}
