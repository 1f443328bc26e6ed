import { List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconDeviceDesktop, IconShieldCheck } from '@tabler/icons-react';
import { FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import { StepHead } from '../StepHead.tsx';
import { StepButtons } from './StepButtons.tsx';

const text = words.firstRun.browser;
const icons = [IconShieldCheck, IconAlertTriangle, IconDeviceDesktop] as const;

/** What being owner means for a browser, said before it becomes one. */
export function BrowserStep(props: {
  place: { at: number; of: number };
  busy: boolean;
  fault: Fault | null;
  onNext: () => void;
  onBack: () => void;
}) {
  return (
    <>
      <StepHead title={text.title} text={text.text} step={props.place} />
      <Stack gap="md">
        <List spacing="sm" center={false}>
          {text.points.map((point, index) => {
            const Shown = icons[index] ?? IconShieldCheck;
            return (
              <List.Item key={point} icon={<Shown size={20} aria-hidden />}>
                {point}
              </List.Item>
            );
          })}
        </List>
        <Text size="sm" c="dimmed">
          {text.keys}
        </Text>
        <FaultNotice fault={props.fault} />
      </Stack>
      <StepButtons next={text.claim} onNext={props.onNext} onBack={props.onBack} busy={props.busy} />
    </>
  );
}
