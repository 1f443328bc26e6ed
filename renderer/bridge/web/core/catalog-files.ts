/** The texts of the catalogue by their path, built into a file of their own. */
export const catalogFiles: Readonly<Record<string, string>> = import.meta.glob<string>(
  ['../../../../catalog/*/app.yaml', '../../../../catalog/*/compose.yaml', '../../../../catalog/*/icon.svg'],
  { query: '?raw', import: 'default', eager: true },
);
