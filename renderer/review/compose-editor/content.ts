import type { UsedDocument } from '#renderer/bridge/index.ts';

/** A text of a document that an editor binds to. */
export type SharedText = NonNullable<ReturnType<UsedDocument['text']>>;

/** Where what is typed lives: in a document that others edit too, or with the screen that shows the editor. */
export type EditorContent =
  | {
      readonly kind: 'document';
      readonly text: SharedText;
      readonly undoManager: NonNullable<UsedDocument['undoManager']>;
    }
  | { readonly kind: 'own'; readonly initial: string; readonly onChange: (text: string) => void };
