import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { type FormEvent, Suspense, useMemo, useRef, useState } from 'react';
import { ComposeEditing, type ComposeEditorHandle, useJudge } from '#renderer/review/compose-editor/index.ts';
import { type Allowed, ExceptionList, standingFindings } from '#renderer/review/exceptions/index.ts';
import { FaultNotice, PageHeader, PageSkeleton, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { generateSecret } from '#shared/domain/apps/catalog/generate-secret.ts';
import { systemRandom } from '#shared/kernel/index.ts';
import classes from './catalog.module.css';
import { readComposeOffer } from './compose-offer.ts';
import { focusFirstError, NoNode } from './DeployScreen.tsx';
import { DraftReview } from './DraftReview.tsx';
import { SecretFields } from './SecretFields.tsx';
import { ServedFields } from './ServedFields.tsx';
import { checkServed, type ServedChoice, suggestServed } from './served.ts';
import { TargetFields } from './TargetFields.tsx';
import { routeOf } from './target.ts';
import { useComposeFile } from './use-compose-file.ts';
import { useDraft } from './use-draft.ts';
import { useTarget } from './use-target.ts';
import { VariableFields } from './VariableFields.tsx';
import { type WizardStep, WizardSteps } from './WizardSteps.tsx';

const text = words.catalog.compose;
const example = 'services:\n  web:\n    image: traefik/whoami:v1.11\n    expose:\n      - "80"\n';

/** Any Compose file on the same way: paste or drop it, choose what is reached, look at the plan, watch it come up. */
export function ComposeScreen() {
  const draft = useDraft();
  const [compose, setCompose] = useState('');
  const [served, setServed] = useState<ServedChoice>({ service: null, port: null });
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [variables, setVariables] = useState<Record<string, string>>({});
  const [allowed, setAllowed] = useState<readonly Allowed[]>([]);
  const [showAll, setShowAll] = useState(false);
  const [step, setStep] = useState<WizardStep>('set');
  const editor = useRef<ComposeEditorHandle>(null);
  const file = useComposeFile((content) => editor.current?.replace(content), step === 'set');
  const offer = useMemo(() => readComposeOffer(compose), [compose]);
  const secretNames = useMemo(() => offer.secrets.map(({ name }) => name), [offer]);
  const isEmpty = compose.trim() === '';
  const found = useJudge(compose, { secrets: secretNames }, '');
  const { standing, needed } = useMemo(() => standingFindings(found?.findings ?? [], allowed), [found, allowed]);
  const judged = useMemo(() => found && { findings: standing, of: found.of }, [found, standing]);
  const names = useMemo(() => ({ secrets: secretNames, variables: offer.variables }), [secretNames, offer]);
  const content = useMemo(() => ({ kind: 'own' as const, initial: '', onChange: setCompose }), []);
  const used = useTarget(file.name || offer.services[0]?.name || 'app', true, draft.ownId);
  const { target, choice } = used;
  const to = suggestServed(served, offer);
  const servedProblem = target.isPublic ? checkServed(to) : null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setShowAll(true);
    const wrong = isEmpty ? { line: null, column: null } : found?.of === compose ? standing[0] : undefined;
    if (wrong !== undefined) return editor.current?.goTo(wrong);
    if (!target.isComplete || target.node === undefined || servedProblem) return focusFirstError(event.currentTarget);
    const made = await draft.make({
      name: target.name,
      nodeId: target.node.id,
      source: { kind: 'compose', compose },
      route: routeOf(target, choice, to.service === null ? {} : { service: to.service, port: to.port ?? undefined }),
      secrets: offer.secrets.map(({ name, uses }) => ({
        name,
        uses: [...uses],
        value: secrets[name] || generateSecret(systemRandom, 32, 'alphanumeric'),
      })),
      env: Object.fromEntries(offer.variables.flatMap((name) => (variables[name] ? [[name, variables[name]]] : []))),
      exceptions: [...needed],
    });
    if (!made) return;
    setSecrets({});
    setStep('plan');
  };

  if (!used.ready) return <PageSkeleton />;
  return (
    <div className={classes.wizard} {...file.drop}>
      <PageHeader title={text.title} text={text.intro} back={{ href: '/catalog', label: words.catalog.deploy.back }} />
      {used.nodes.length === 0 ? (
        <NoNode />
      ) : (
        <>
          <WizardSteps at={step} />
          {step !== 'set' && (
            <DraftReview
              used={draft}
              followed={step === 'run'}
              onEdit={() => setStep('set')}
              onFollowed={() => {
                draft.settle();
                setStep('run');
              }}
            />
          )}
          <form onSubmit={(event) => void submit(event)} noValidate hidden={step !== 'set'}>
            <Section
              title={words.compose.label}
              text={text.help}
              bare
              actions={
                <Group gap="xs">
                  {compose === '' && (
                    <Button variant="subtle" size="xs" onClick={() => editor.current?.replace(example)}>
                      {text.example}
                    </Button>
                  )}
                  <FileButton onFile={(chosen) => void file.take(chosen)} />
                </Group>
              }
            >
              <div className={classes.drop} data-over={file.isOver || undefined}>
                <Suspense fallback={<Skeleton height={360} />}>
                  <ComposeEditing
                    ref={editor}
                    content={content}
                    names={names}
                    judged={isEmpty ? 'silent' : judged}
                    height="text"
                    onAllow={(exception) => setAllowed((before) => [...before, exception])}
                  />
                </Suspense>
              </div>
              {isEmpty && showAll && (
                <Text size="sm" c="var(--ov-bad)" role="alert">
                  {text.empty}
                </Text>
              )}
            </Section>
            {needed.length > 0 && (
              <Section title={words.compose.exceptions.title} text={words.compose.exceptions.text}>
                <ExceptionList
                  exceptions={needed}
                  onRemove={(one) => setAllowed((before) => before.filter((other) => other !== one))}
                />
              </Section>
            )}
            {offer.services.length > 0 && (
              <Section title={text.services.title}>
                <ul className={classes.services}>
                  {offer.services.map(({ name, image }) => (
                    <li key={name}>
                      <strong>{name}</strong>{' '}
                      <Text size="sm" c="dimmed" span>
                        {image ?? text.services.image}
                      </Text>
                    </li>
                  ))}
                </ul>
              </Section>
            )}
            <Section title={words.catalog.deploy.where}>
              <Stack gap="lg">
                <TargetFields used={used} showAll={showAll} mayBePublic />
                {target.isPublic && (
                  <ServedFields
                    offer={offer}
                    served={to}
                    problem={showAll ? servedProblem : null}
                    onChange={(change) => setServed((before) => ({ ...before, ...change }))}
                  />
                )}
              </Stack>
            </Section>
            <VariableFields
              names={offer.variables}
              values={variables}
              onChange={(change) => setVariables((before) => ({ ...before, ...change }))}
            />
            <SecretFields
              secrets={offer.secrets}
              values={secrets}
              onChange={(change) => setSecrets((before) => ({ ...before, ...change }))}
            />
            <Stack gap="md" align="flex-end">
              <FaultNotice fault={draft.fault} onClose={draft.clear} />
              <Button type="submit" loading={draft.busy} size="md">
                {words.catalog.deploy.review}
              </Button>
            </Stack>
          </form>
        </>
      )}
    </div>
  );
}

function FileButton({ onFile }: { onFile: (file: File | undefined) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button variant="default" size="xs" onClick={() => input.current?.click()}>
        {text.choose}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml,text/yaml,application/yaml"
        hidden
        aria-label={text.choose}
        onChange={(event) => {
          onFile(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
