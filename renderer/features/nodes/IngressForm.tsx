import { Button, Group, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { NodeRow, PlanView } from '#shared/contracts/ipc/index.ts';
import { checkIngress, type IngressForm as Form, parsePort, rankAddresses, splitAddresses } from './ingress-form.ts';
import { PortCheck, useProbe } from './PortCheck.tsx';

const text = words.nodes.ingress;

/** Asks for what the ingress needs, with what the server itself says filled in or at hand. */
export function IngressForm({ node, onPlan }: { node: NodeRow; onPlan: (plan: PlanView) => void }) {
  const [form, setForm] = useState<Form>(() => formOf(node.ingress));
  const [showAll, setShowAll] = useState(false);
  const [more, setMore] = useState(form.caServer !== '');
  const plan = useCall('planIngress');
  const ports = [parsePort(form.httpPort), form.plainHttp ? undefined : parsePort(form.httpsPort)].filter(
    (port) => port !== undefined,
  );
  const probe = useProbe(node, ports);
  const problems = checkIngress(form);
  const problemOf = (field: keyof typeof problems) => {
    const problem = problems[field];
    return showAll && problem ? text.problems[problem] : undefined;
  };
  const set = (change: Partial<Form>) => setForm((before) => ({ ...before, ...change }));
  const field = (name: Exclude<keyof Form, 'plainHttp'>) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
    autoComplete: 'off',
    spellCheck: false,
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setShowAll(true);
    if (Object.keys(problems).length > 0) return;
    const result = await plan.run({
      nodeId: node.id,
      httpPort: parsePort(form.httpPort),
      httpsPort: parsePort(form.httpsPort),
      acme: form.plainHttp
        ? null
        : {
            email: form.email.trim(),
            ...(form.caServer.trim() !== '' && { caServer: form.caServer.trim() }),
            ...(form.caCertificates.trim() !== '' && { caCertificates: form.caCertificates }),
          },
      publicAddresses: splitAddresses(form.addresses),
    });
    if (result.ok) onPlan(result.value);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md" maw={640}>
        <Switch
          label={text.form.plain}
          description={text.form.plainHelp}
          checked={form.plainHttp}
          onChange={(event) => set({ plainHttp: event.currentTarget.checked })}
        />
        {!form.plainHttp && (
          <TextInput
            type="email"
            label={text.form.email}
            description={text.form.emailHelp}
            error={problemOf('email')}
            {...field('email')}
            autoComplete="email"
          />
        )}
        <TextInput
          label={text.form.addresses}
          description={text.form.addressesHelp}
          error={problemOf('addresses')}
          {...field('addresses')}
        />
        <Found
          addresses={probe.answer?.addresses ?? []}
          used={splitAddresses(form.addresses)}
          onUse={(address) => set({ addresses: [...splitAddresses(form.addresses), address].join(', ') })}
        />
        <Group grow align="flex-start" maw={320}>
          <TextInput
            label={text.form.httpPort}
            inputMode="numeric"
            error={problemOf('httpPort')}
            {...field('httpPort')}
          />
          {!form.plainHttp && (
            <TextInput
              label={text.form.httpsPort}
              inputMode="numeric"
              error={problemOf('httpsPort')}
              {...field('httpsPort')}
            />
          )}
        </Group>
        <PortCheck probe={probe} wantsCertificates={!form.plainHttp} />
        {!form.plainHttp && (
          <div>
            <Button variant="subtle" size="xs" px={0} aria-expanded={more} onClick={() => setMore(!more)}>
              {text.form.advanced}
            </Button>
            {more && (
              <Stack gap="md" mt="xs">
                <TextInput
                  label={text.form.caServer}
                  description={text.form.caServerHelp}
                  error={problemOf('caServer')}
                  {...field('caServer')}
                />
                <Textarea
                  label={text.form.caCertificates}
                  autosize
                  minRows={3}
                  maxRows={8}
                  {...field('caCertificates')}
                />
              </Stack>
            )}
          </div>
        )}
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

function Found({
  addresses,
  used,
  onUse,
}: {
  addresses: readonly string[];
  used: readonly string[];
  onUse: (address: string) => void;
}) {
  const left = rankAddresses(addresses).filter(({ address }) => !used.includes(address));
  if (left.length === 0) return null;
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        {text.form.found}
      </Text>
      {left.slice(0, 6).map(({ address, isPublic }) => (
        <Button
          key={address}
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={12} aria-hidden />}
          onClick={() => onUse(address)}
        >
          {text.form.use(address, isPublic)}
        </Button>
      ))}
    </Group>
  );
}

function formOf(ingress: NodeRow['ingress']): Form {
  const caServer = ingress?.acme?.caServer ?? '';
  return {
    email: ingress?.acme?.email ?? '',
    plainHttp: ingress !== null && ingress.acme === null,
    httpPort: String(ingress?.httpPort ?? 80),
    httpsPort: String(ingress?.httpsPort ?? 443),
    addresses: ingress?.publicAddresses.join(', ') ?? '',
    caServer: caServer.includes('letsencrypt.org') ? '' : caServer,
    caCertificates: '',
  };
}
