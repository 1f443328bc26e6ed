import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { type DragEvent, type FormEvent, lazy, Suspense, useMemo, useRef, useState } from 'react';
import { FaultNotice, notifyFault, PageHeader, PageSkeleton, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { generateSecret } from '#shared/domain/apps/catalog/generate-secret.ts';
import { systemRandom } from '#shared/kernel/index.ts';
import type { ComposeEditorHandle, Mark } from './ComposeEditor.tsx';
import { ComposeFindings } from './ComposeFindings.tsx';
import classes from './catalog.module.css';
import { readComposeOffer } from './compose-offer.ts';
import { focusFirstError, NoNode } from './DeployScreen.tsx';
import { DraftReview } from './DraftReview.tsx';
import { SecretFields } from './SecretFields.tsx';
import { ServedFields } from './ServedFields.tsx';
import { checkServed, type ServedChoice, suggestServed } from './served.ts';
import { TargetFields } from './TargetFields.tsx';
import { routeOf } from './target.ts';
import { useDraft } from './use-draft.ts';
import { standingFindings, useJudgedCompose } from './use-judged-compose.ts';
import { useTarget } from './use-target.ts';
import { type WizardStep, WizardSteps } from './WizardSteps.tsx';

const ComposeEditor = lazy(() => import('./ComposeEditor.tsx'));
const text = words.catalog.compose;
const MAX_CHARACTERS = 262_144;
const example = 'services:\n  web:\n    image: traefik/whoami:v1.11\n    expose:\n      - "80"\n';

/** Any Compose file on the same way: paste or drop it, choose what is reached, look at the plan, watch it come up. */
export function ComposeScreen() {
  const draft = useDraft();
  const [compose, setCompose] = useState('');
  const [fileName, setFileName] = useState('');
  const [served, setServed] = useState<ServedChoice>({ service: null, port: null });
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [showAll, setShowAll] = useState(false);
  const [step, setStep] = useState<WizardStep>('set');
  const [over, setOver] = useState(false);
  const editor = useRef<ComposeEditorHandle>(null);
  const offer = useMemo(() => readComposeOffer(compose), [compose]);
  const judged = useJudgedCompose(compose);
  const judgement = useMemo(() => judged && standingFindings(judged, offer.secrets), [judged, offer]);
  const from = fileName || offer.services[0]?.name || 'app';
  const used = useTarget(from, true, draft.ownId);
  const { target, choice } = used;
  const marks = useMemo(
    () =>
      (judgement?.findings ?? []).flatMap((found): Mark[] =>
        found.line === null
          ? []
          : [
              {
                line: found.line,
                column: found.column,
                severity: found.severity === 'error' ? 'error' : 'warning',
                message: `${found.message} ${found.next}`,
              },
            ],
      ),
    [judgement],
  );
  const to = suggestServed(served, offer);
  const servedProblem = target.isPublic ? checkServed(to) : null;
  const hasErrors = judgement?.findings.some(({ severity }) => severity === 'error') ?? false;

  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MAX_CHARACTERS) return notifyFault({ message: text.tooLarge, next: '' });
    const content = await file.text();
    if (content.includes('\u0000')) return notifyFault({ message: text.notText, next: '' });
    editor.current?.replace(content);
    const name = file.name.toLowerCase();
    // The usual names say nothing about the app.
    setFileName(/^(docker-)?compose(\.\w+)*\.ya?ml$/.test(name) ? '' : file.name);
  };
  const onDrop = (event: DragEvent) => {
    // Text that is dragged within the editor is the editor's.
    if (step !== 'set' || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setShowAll(true);
    if (compose.trim() === '' || hasErrors || !target.isComplete || target.node === undefined || servedProblem)
      return focusFirstError(event.currentTarget);
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
    });
    if (!made) return;
    setSecrets({});
    setStep('plan');
  };

  if (!used.ready) return <PageSkeleton />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button above the editor does the same by keyboard
    <div
      className={classes.wizard}
      onDragOver={(event) => {
        if (step !== 'set' || !event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDropCapture={onDrop}
    >
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
              title={text.label}
              text={text.help}
              bare
              actions={
                <Group gap="xs">
                  {compose === '' && (
                    <Button variant="subtle" size="xs" onClick={() => editor.current?.replace(example)}>
                      {text.example}
                    </Button>
                  )}
                  <FileButton onFile={(file) => void take(file)} />
                </Group>
              }
            >
              <div className={classes.editor} data-over={over || undefined}>
                <Suspense fallback={<Skeleton height={320} />}>
                  <ComposeEditor
                    ref={editor}
                    label={text.label}
                    hint={text.paste}
                    initial=""
                    marks={marks}
                    onChange={setCompose}
                  />
                </Suspense>
              </div>
              <ComposeFindings
                compose={compose}
                judgement={judgement}
                showAll={showAll}
                onGoTo={(line, column) => editor.current?.goTo(line, column)}
              />
            </Section>
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
            <SecretFields offer={offer} values={secrets} onChange={(change) => setSecrets({ ...secrets, ...change })} />
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
