import { Alert, Anchor, Button, Group, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { Link } from 'wouter';
import { words } from '#renderer/words/index.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import type { Target } from './target.ts';
import type { UsedTarget } from './use-target.ts';

const text = words.catalog.deploy;

/** Server, name and public name. Errors show once the person touched the field or went on (`showAll`). */
export function TargetFields({
  used,
  showAll,
  mayBePublic,
}: {
  used: UsedTarget;
  showAll: boolean;
  mayBePublic: boolean;
}) {
  const { nodes, choice, target, set } = used;
  const nameProblem = target.nameProblem;
  return (
    <Stack gap="lg">
      <Select
        label={text.node.label}
        description={text.node.help}
        placeholder={text.node.choose}
        data={nodes.map(({ id, name, status }) => ({ value: id, label: `${name} · ${text.node[status]}` }))}
        value={target.node?.id ?? null}
        onChange={(nodeId) => set({ nodeId })}
        allowDeselect={false}
        error={showAll && target.node === undefined ? text.node.choose : undefined}
        maw={400}
      />
      {target.node?.facts?.dockerVersion === null && <Alert color="yellow">{text.node.noDocker}</Alert>}
      <TextInput
        label={text.name.label}
        description={text.name.help}
        value={target.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={nameProblem !== null && (showAll || choice.name !== null) ? text.name.problems[nameProblem] : undefined}
        maxLength={63}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maw={400}
      />
      {mayBePublic ? (
        <PublicName used={used} showAll={showAll} />
      ) : (
        <Text size="sm" c="dimmed">
          {text.hostname.notRouted}
        </Text>
      )}
    </Stack>
  );
}

function PublicName({ used, showAll }: { used: UsedTarget; showAll: boolean }) {
  const { choice, target, set } = used;
  return (
    <Stack gap="md">
      <Radio.Group
        label={text.hostname.legend}
        value={target.isPublic ? 'name' : 'none'}
        onChange={(value) => set({ isPublic: value === 'name' })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="name" label={text.hostname.withName} />
          <Radio value="none" label={text.hostname.without} description={text.hostname.withoutHelp} />
        </Stack>
      </Radio.Group>
      {target.node && target.node.ingress === null && <NoIngress node={target.node} isPublic={target.isPublic} />}
      {target.isPublic && (
        <>
          <div>
            <TextInput
              label={text.hostname.label}
              description={text.hostname.help}
              placeholder={text.hostname.placeholder}
              value={target.hostname}
              onChange={(event) => set({ hostname: event.currentTarget.value })}
              error={hostnameError(target, showAll || choice.hostname !== null)}
              inputMode="url"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              maw={400}
            />
            <Text size="sm" c="dimmed" mt={4} role="status">
              {whoKeeps(target)}
            </Text>
            {target.suggestions.length > 0 && (
              <Group gap="xs" mt="xs">
                <Text size="sm" c="dimmed">
                  {text.hostname.suggestions}
                </Text>
                {target.suggestions.map((name) => (
                  <Button key={name} size="compact-xs" variant="default" onClick={() => set({ hostname: name })}>
                    {name}
                  </Button>
                ))}
              </Group>
            )}
          </div>
          {target.needsAddress && (
            <TextInput
              label={text.address.label}
              description={text.address.help}
              value={choice.address}
              onChange={(event) => set({ address: event.currentTarget.value })}
              autoComplete="off"
              spellCheck={false}
              maw={400}
            />
          )}
        </>
      )}
    </Stack>
  );
}

function NoIngress({ node, isPublic }: { node: NodeRow; isPublic: boolean }) {
  return (
    <Alert color={isPublic ? 'yellow' : 'gray'} p="xs">
      <Text size="sm">
        {text.node.noIngress}{' '}
        <Anchor component={Link} href={`/nodes/${node.id}?open=ingress`} size="sm" underline="always">
          {text.node.setUpIngress}
        </Anchor>
      </Text>
    </Alert>
  );
}

/** Who makes the record of a name that is free. */
function whoKeeps({ verdict, isAnyZoneKept }: Target): string {
  if (verdict.kind !== 'free') return '';
  if (verdict.zone !== null) return text.hostname.zoneKept(verdict.zone);
  return isAnyZoneKept ? text.hostname.anyZoneKept : text.hostname.byHand;
}

function hostnameError({ verdict }: Target, show: boolean): string | undefined {
  if (!show) return undefined;
  if (verdict.kind === 'empty') return text.hostname.empty;
  if (verdict.kind === 'taken') return text.hostname.taken(verdict.appName);
  return verdict.kind === 'malformed' ? `${verdict.message} ${verdict.next}` : undefined;
}
