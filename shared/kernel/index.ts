export * from './bytes.ts';
export * from './fault.ts';
export * from './ids.ts';
export * from './ports.ts';
export * from './result.ts';
export * from './shell-word.ts';
export * from './visible-text.ts';
