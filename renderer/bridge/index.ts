/** What screens see of their device: hooks over the bridge's calls, topics and documents. */
export { BridgeProvider } from './BridgeProvider.tsx';
export { useBridge, useForgetHistory } from './context.ts';
export type { DocumentView } from './documents/document-session.ts';
export type { LostEdit } from './documents/lost-edits.ts';
export { type UsedCall, useCall } from './use-call.ts';
export { type UsedDocument, useDocument } from './use-document.ts';
export { useLostEdits } from './use-lost-edits.ts';
export { type UsedStream, useStream } from './use-stream.ts';
export { useRow, useRows, useRowsSelect, useValue } from './use-topic.ts';
