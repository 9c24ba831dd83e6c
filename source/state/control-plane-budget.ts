/** How often a question is asked while the screen of the control plane is looked at and otherwise, ms; null is never. */
type Often = { readonly attended: number; readonly otherwise: number | null };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What the questions about the control plane cost at most: one list or one round of its API servers each time. */
export const CONTROL_PLANE_BUDGET = {
  leases: { attended: 30 * SECOND, otherwise: MINUTE },
  apiServer: { attended: 10 * SECOND, otherwise: null },
  certificate: { attended: 10 * MINUTE, otherwise: 10 * MINUTE },
  clientCertificates: { attended: 2 * MINUTE, otherwise: 60 * MINUTE },
  backups: { attended: 5 * MINUTE, otherwise: 5 * MINUTE },
} as const satisfies Readonly<Record<string, Often>>;
export type ControlPlaneQuestion = keyof typeof CONTROL_PLANE_BUDGET;

/** So long an answer stands for now: two rounds may fail to come before it is old. */
export const freshFor = (question: ControlPlaneQuestion): number => {
  const { attended, otherwise }: Often = CONTROL_PLANE_BUDGET[question];
  return 2.5 * (otherwise ?? attended);
};
