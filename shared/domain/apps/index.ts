export * from './app-to-body.ts';
export * from './app-view.ts';
export * from './compose-outline.ts';
export * from './desired-document.ts';
export * from './fleet-view.ts';
export * from './is-edited.ts';
export * from './plan.ts';
export * from './release-body.ts';
