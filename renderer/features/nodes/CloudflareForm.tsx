import { Button, Group, PasswordInput, Stack, TagsInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { NodeRow, PlanView } from '#shared/contracts/ipc/index.ts';
import { parseHostname } from '#shared/domain/routes/hostname.ts';

const text = words.nodes.cloudflare;

/** Takes the token and gives it on at once: it stays in this form only, and goes with it. */
export function CloudflareForm({ node, onPlan }: { node: NodeRow; onPlan: (plan: PlanView) => void }) {
  const present = node.connectors[0];
  const [token, setToken] = useState('');
  const [zones, setZones] = useState<string[]>([...(present?.zones ?? [])]);
  const [baseUrl, setBaseUrl] = useState(present?.baseUrl ?? '');
  const [more, setMore] = useState(baseUrl !== '');
  const [showAll, setShowAll] = useState(false);
  const plan = useCall('planCloudflare');
  const trimmed = token.trim();
  const mayKeep = present?.released === true && trimmed === '';
  const tokenProblem = mayKeep || trimmed.length >= 20 ? undefined : text.form.tokenShort;
  const badZone = zones.find((zone) => !parseHostname(zone).ok);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setShowAll(true);
    if (tokenProblem !== undefined || badZone !== undefined) return;
    const result = await plan.run({
      nodeId: node.id,
      zones: zones.map((zone) => zone.toLowerCase()),
      ...(trimmed !== '' && { token: trimmed }),
      ...(baseUrl.trim() !== '' && { baseUrl: baseUrl.trim() }),
    });
    if (!result.ok) return;
    setToken('');
    onPlan(result.value);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate autoComplete="off">
      <Stack gap="md" maw={640}>
        <PasswordInput
          label={text.form.token}
          description={present?.released ? `${text.form.tokenHelp} ${text.form.tokenKept}` : text.form.tokenHelp}
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={showAll ? tokenProblem : undefined}
          autoComplete="off"
          spellCheck={false}
          data-1p-ignore
          data-lpignore="true"
          visibilityToggleButtonProps={{ 'aria-label': text.form.showToken }}
        />
        <TagsInput
          label={text.form.zones}
          description={text.form.zonesHelp}
          placeholder="example.com"
          value={zones}
          onChange={setZones}
          error={showAll && badZone !== undefined ? text.form.badZone(badZone) : undefined}
          splitChars={[',', ' ']}
          acceptValueOnBlur
        />
        <div>
          <Button variant="subtle" size="xs" px={0} aria-expanded={more} onClick={() => setMore(!more)}>
            {text.form.advanced}
          </Button>
          {more && (
            <TextInput
              mt="xs"
              label={text.form.baseUrl}
              description={text.form.baseUrlHelp}
              value={baseUrl}
              onChange={(event) => setBaseUrl(event.currentTarget.value)}
              spellCheck={false}
            />
          )}
        </div>
        <FaultNotice fault={plan.fault} onClose={plan.clear} />
        <Group>
          <Button type="submit" loading={plan.busy}>
            {text.form.review}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
