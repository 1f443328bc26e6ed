/** A file of its own because it brings a YAML reader, which screens load only where automation has deployed. */
export { followLines } from '#shared/domain/apps/index.ts';
