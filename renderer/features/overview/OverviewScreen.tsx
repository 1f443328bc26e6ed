import { PageHeader } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';

/** The fleet at a glance. */
export function OverviewScreen() {
  return <PageHeader title={words.overview.title} />;
}
