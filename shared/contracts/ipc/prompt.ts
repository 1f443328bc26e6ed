import { z } from 'zod';

/** A window of the main process in which a person decides. Everything in it is text, never markup. */
export const promptViewSchema = z.strictObject({
  title: z.string(),
  /** Sentences above the groups. */
  text: z.array(z.string()),
  groups: z.array(
    z.strictObject({ heading: z.string(), tone: z.enum(['plain', 'notice', 'danger']), lines: z.array(z.string()) }),
  ),
  /** `ask`: one field for a passphrase; `choose`: a new one, typed twice. */
  passphrase: z.enum(['none', 'ask', 'choose']),
  confirm: z.string(),
  cancel: z.string(),
  /** How long the confirming button stays dead, so that a click meant for the window below does not sign. */
  armAfterMs: z.number().int().min(0),
});

export const promptAnswerSchema = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('confirmed'), passphrase: z.string().max(1_024).nullable() }),
  z.strictObject({ answer: z.literal('cancelled') }),
]);

export type PromptView = z.output<typeof promptViewSchema>;
export type PromptAnswer = z.output<typeof promptAnswerSchema>;
