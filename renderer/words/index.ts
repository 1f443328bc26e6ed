/**
 * All words of the screens, in English. A namespace and not an object: a screen then brings the words of its own context
 * along, and the first load only those of the shell.
 */
export * as words from './catalogue.ts';
