export { COMPOSE_MAX_BYTES } from './compose-document.ts';
export { decideException, exceptionsToLine, exceptionToText, type RuleAside } from './exceptions.ts';
export type { Finding } from './finding.ts';
export type { ComposeContext } from './judge.ts';
export { findInCompose, judgeCompose } from './judge-compose.ts';
export {
  judgeModel,
  listOf,
  type ModelContext,
  type ResolvedModel,
  type ResolvedService,
  recordOf,
} from './judge-model.ts';
export {
  badPath,
  decideOpened,
  decideOpeningPath,
  OPENING_NAME,
  type Opening,
  type OpeningKind,
  openCommand,
  openedValues,
  usesOpening,
} from './openings.ts';
export {
  POLICY_LEVELS,
  POLICY_RULES,
  type PolicyLevel,
  type PolicyRule,
  type PolicyRuleId,
} from './rules.ts';
export { deviceToText, isSystemPath, stackPath } from './values.ts';
