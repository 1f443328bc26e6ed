/** The log of who did what. */
export { AuditScreen } from './AuditScreen.tsx';
