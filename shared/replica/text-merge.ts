import * as Y from 'yjs';
import { applyTextEdit } from './text-edit.ts';

/** Merges two texts that both began as `base`, by character, as two replicas would have. */
export function mergeTexts(base: string, mine: string, theirs: string): string {
  if (mine === base || mine === theirs) return theirs;
  if (theirs === base) return mine;
  const root = new Y.Doc();
  root.getText().insert(0, base);
  const start = Y.encodeStateAsUpdate(root);
  const fork = (text: string): Y.Doc => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, start);
    applyTextEdit(doc.getText(), text);
    return doc;
  };
  const [one, other] = [fork(mine), fork(theirs)];
  Y.applyUpdate(one, Y.encodeStateAsUpdate(other));
  return one.getText().toString();
}
