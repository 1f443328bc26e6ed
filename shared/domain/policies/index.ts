export { COMPOSE_MAX_BYTES, COMPOSE_MAX_DEPTH, parseComposeDocument } from './compose-document.ts';
export { isExcepted } from './exceptions.ts';
export { type Finding, findingsToFault } from './finding.ts';
export type { ComposeContext } from './judge.ts';
export { judgeCompose } from './judge-compose.ts';
export {
  judgeModel,
  listOf,
  type ModelContext,
  type ResolvedModel,
  type ResolvedService,
  recordOf,
} from './judge-model.ts';
export { POLICY_RULES, type PolicyRule, type PolicyRuleId } from './rules.ts';
export { isSystemPath, portToText, stackPath } from './values.ts';
