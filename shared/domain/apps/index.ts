export * from './release-body.ts';
