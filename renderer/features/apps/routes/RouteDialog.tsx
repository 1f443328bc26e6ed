import { Autocomplete, Button, Group, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { parseHostname } from '#shared/domain/routes/index.ts';
import type { RouteWish } from '../detail/app-fields.ts';

export interface RouteDialogProps {
  readonly route: RouteWish | null;
  readonly services: readonly string[];
  /** Hostnames of the app's other routes. */
  readonly taken: readonly string[];
  readonly onSave: (wish: RouteWish) => void;
  readonly onClose: () => void;
}

/** One route: which name leads to which port of which service, and how the world is told. */
export function RouteDialog({ route, services, taken, onSave, onClose }: RouteDialogProps) {
  const [hostname, setHostname] = useState(route?.hostname ?? '');
  const [service, setService] = useState(route?.service ?? services[0] ?? '');
  const [port, setPort] = useState<number | string>(route?.port ?? 80);
  const [scheme, setScheme] = useState(route?.scheme ?? 'http');
  const [tls, setTls] = useState(route?.tls ?? 'acme');
  const [dns, setDns] = useState(route?.dns ?? 'auto');
  const [address, setAddress] = useState(route?.address ?? '');
  const [isProxied, setProxied] = useState(route?.proxied ?? false);
  const [hasTried, setTried] = useState(false);

  const parsed = parseHostname(hostname);
  const hostFault = !parsed.ok ? parsed.error.message : taken.includes(parsed.value) ? words.apps.routes.taken : null;
  const serviceFault = service.trim() === '' ? words.apps.routes.noService : null;
  const portFault =
    typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535
      ? null
      : words.apps.routes.badPort;
  const save = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!parsed.ok || hostFault !== null || serviceFault !== null || portFault !== null) return;
    onSave({
      hostname: parsed.value,
      service: service.trim(),
      port: Number(port),
      scheme,
      tls,
      dns,
      address: address.trim() === '' ? null : address.trim(),
      proxied: isProxied,
    });
  };

  return (
    <Dialog
      onClose={onClose}
      title={route === null ? words.apps.routes.newTitle : words.apps.routes.editOf(route.hostname)}
    >
      <form onSubmit={save} autoComplete="off">
        <Stack gap="md">
          <TextInput
            label={words.apps.routes.hostname}
            description={words.apps.routes.hostnameHint}
            placeholder="feeds.example.com"
            value={hostname}
            onChange={(event) => setHostname(event.currentTarget.value)}
            error={hasTried && hostFault}
            autoCapitalize="off"
            spellCheck={false}
            data-autofocus
          />
          <Group gap="md" align="flex-start" grow>
            <Autocomplete
              label={words.apps.routes.service}
              data={[...services]}
              value={service}
              onChange={setService}
              error={hasTried && serviceFault}
            />
            <NumberInput
              label={words.apps.routes.port}
              description={undefined}
              value={port}
              onChange={setPort}
              min={1}
              max={65_535}
              allowDecimal={false}
              hideControls
              error={hasTried && portFault}
            />
          </Group>
          <Group gap="md" align="flex-start" grow>
            <Select
              label={words.apps.routes.tlsLabel}
              data={[
                { value: 'acme', label: words.apps.routes.tlsOn },
                { value: 'off', label: words.apps.routes.tlsOff },
              ]}
              value={tls}
              onChange={(value) => setTls(value === 'off' ? 'off' : 'acme')}
              allowDeselect={false}
            />
            <Select
              label={words.apps.routes.schemeLabel}
              data={[
                { value: 'http', label: 'HTTP' },
                { value: 'https', label: 'HTTPS' },
              ]}
              value={scheme}
              onChange={(value) => setScheme(value === 'https' ? 'https' : 'http')}
              allowDeselect={false}
            />
          </Group>
          <Select
            label={words.apps.routes.dnsLabel}
            description={words.apps.routes.dns[dns]}
            data={(['auto', 'manual', 'off'] as const).map((value) => ({
              value,
              label: words.apps.routes.dnsModes[value],
            }))}
            value={dns}
            onChange={(value) => setDns(value === 'manual' || value === 'off' ? value : 'auto')}
            allowDeselect={false}
          />
          {dns !== 'off' && (
            <TextInput
              label={words.apps.routes.address}
              description={words.apps.routes.addressHint}
              value={address}
              onChange={(event) => setAddress(event.currentTarget.value)}
              spellCheck={false}
            />
          )}
          {dns === 'auto' && (
            <Switch
              label={words.apps.routes.proxiedLabel}
              description={words.apps.routes.proxiedHint}
              checked={isProxied}
              onChange={(event) => setProxied(event.currentTarget.checked)}
            />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {words.ui.cancel}
            </Button>
            <Button type="submit">{route === null ? words.apps.routes.add : words.apps.save}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
