/** All that is pending, as one diff. */
export { PlanScreen } from './PlanScreen.tsx';
