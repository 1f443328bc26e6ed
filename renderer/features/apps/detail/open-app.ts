import type { UsedDocument } from '#renderer/bridge/index.ts';
import type { AppDetail } from '#shared/contracts/ipc/index.ts';

/** The app that a screen looks at: what is known of it, and its document to edit. */
export interface OpenApp {
  readonly appId: string;
  readonly detail: AppDetail;
  readonly document: UsedDocument;
}
