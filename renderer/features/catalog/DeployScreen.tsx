import { Anchor, Button, Stack, Text } from '@mantine/core';
import { IconDatabase, IconKey, IconServer } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { Link, useParams } from 'wouter';
import { CodeBlock, EmptyState, FaultNotice, PageHeader, PageSkeleton, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { CatalogAppView } from '#shared/contracts/ipc/index.ts';
import { AppIcon } from './AppIcon.tsx';
import classes from './catalog.module.css';
import { DraftReview } from './DraftReview.tsx';
import { InputFields } from './InputFields.tsx';
import { checkInput, type FieldValue, initialValue, toInputValues } from './input-values.ts';
import { TargetFields } from './TargetFields.tsx';
import { routeOf } from './target.ts';
import { useCatalogApp } from './use-catalog.ts';
import { useDraft } from './use-draft.ts';
import { useTarget } from './use-target.ts';
import { type WizardStep, WizardSteps } from './WizardSteps.tsx';

const text = words.catalog.deploy;

/** The wizard for one entry of the catalogue: choose, look at the plan, watch it come up. */
export function DeployScreen() {
  const { id = '' } = useParams<{ id: string }>();
  const { app, fault } = useCatalogApp(id);
  const back = { href: '/catalog', label: text.back };
  if (fault)
    return (
      <>
        <PageHeader title={words.catalog.missing.title} back={back} />
        <FaultNotice fault={fault} link={{ href: '/catalog', label: words.catalog.missing.back }} />
      </>
    );
  return app === null ? <PageSkeleton /> : <Wizard key={app.id} app={app} />;
}

function Wizard({ app }: { app: CatalogAppView }) {
  const draft = useDraft();
  const used = useTarget(app.id, app.hasRoute, draft.ownId);
  const [values, setValues] = useState<Record<string, FieldValue>>({});
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [showAll, setShowAll] = useState(false);
  const [step, setStep] = useState<WizardStep>('set');
  const { target, choice } = used;
  const header = (
    <>
      <PageHeader title={text.title(app.name)} back={{ href: '/catalog', label: text.back }} text={app.description} />
      <div className={classes.about}>
        <AppIcon svg={app.icon} size={48} />
        <Text size="sm" c="dimmed">
          {words.catalog.version(app.version)}
          <br />
          <Anchor href={app.website} target="_blank" rel="noreferrer" size="sm">
            {app.website.replace(/^https:\/\//, '')}
          </Anchor>
        </Text>
      </div>
    </>
  );
  if (!used.ready) return <PageSkeleton />;
  if (used.nodes.length === 0)
    return (
      <div className={classes.wizard}>
        {header}
        <NoNode />
      </div>
    );

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setShowAll(true);
    const isWrong = app.inputs.some((input) => checkInput(input, values[input.name] ?? initialValue(input)) !== null);
    if (!target.isComplete || target.node === undefined || isWrong) return focusFirstError(event.currentTarget);
    const made = await draft.make({
      name: target.name,
      nodeId: target.node.id,
      source: { kind: 'catalog', id: app.id, inputs: toInputValues(app.inputs, values) },
      route: routeOf(target, choice),
    });
    if (made) setStep('plan');
  };
  return (
    <div className={classes.wizard}>
      {header}
      <WizardSteps at={step} />
      {step !== 'set' ? (
        <DraftReview
          used={draft}
          followed={step === 'run'}
          onEdit={() => setStep('set')}
          onFollowed={() => {
            draft.settle();
            setStep('run');
          }}
        />
      ) : (
        <form onSubmit={(event) => void submit(event)} noValidate>
          <Section title={text.where}>
            <TargetFields used={used} showAll={showAll} mayBePublic={app.hasRoute} />
          </Section>
          <Section title={text.inputs.title}>
            <InputFields
              inputs={app.inputs}
              values={values}
              touched={touched}
              showAll={showAll}
              onChange={(name, value) => {
                setValues((before) => ({ ...before, [name]: value }));
                setTouched((before) => new Set([...before, name]));
              }}
            />
          </Section>
          {app.secrets.length > 0 && (
            <Section title={text.secrets.title} text={text.secrets.text}>
              <Named
                icon="secret"
                items={app.secrets.map((one) => ({ ...one, more: one.shown ? text.secrets.shown : undefined }))}
              />
            </Section>
          )}
          {app.volumes.length > 0 && (
            <Section title={text.volumes.title} text={text.volumes.text}>
              <Named icon="volume" items={app.volumes} />
            </Section>
          )}
          <ComposeText compose={app.compose} />
          <Stack gap="md" align="flex-end">
            <FaultNotice fault={draft.fault} onClose={draft.clear} />
            <Button type="submit" loading={draft.busy} size="md">
              {text.review}
            </Button>
          </Stack>
        </form>
      )}
    </div>
  );
}

/** Says that an app needs a server, and leads there. */
export function NoNode() {
  return (
    <EmptyState
      icon={IconServer}
      title={text.noNode.title}
      text={text.noNode.text}
      action={
        <Button component={Link} href="/nodes/join">
          {text.noNode.action}
        </Button>
      }
    />
  );
}

function Named({
  icon,
  items,
}: {
  icon: 'secret' | 'volume';
  items: readonly { name: string; description: string; more?: string | undefined }[];
}) {
  const Shown = icon === 'secret' ? IconKey : IconDatabase;
  return (
    <ul className={classes.secrets}>
      {items.map(({ name, description, more }) => (
        <li key={name}>
          <Shown size={16} aria-hidden />
          <div>
            <Text size="sm" fw={600} span>
              {name}
            </Text>
            <Text size="sm" c="dimmed">
              {description} {more}
            </Text>
          </div>
        </li>
      ))}
    </ul>
  );
}

function ComposeText({ compose }: { compose: string }) {
  const [shown, setShown] = useState(false);
  return (
    <Stack gap="xs" mb="lg" align="stretch">
      <div>
        <Button variant="subtle" size="xs" px={0} aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? text.compose.hide : text.compose.show}
        </Button>
      </div>
      {shown && <CodeBlock text={compose} label={text.compose.title} />}
    </Stack>
  );
}

/** Brings the first field that does not fit into sight, after its error was drawn. */
export function focusFirstError(form: EventTarget | null): void {
  requestAnimationFrame(() => {
    if (form instanceof HTMLElement) form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  });
}
