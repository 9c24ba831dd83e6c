import type { Clock } from '../links/kubernetes/clock.ts';
import { dryRunPlan } from '../operations/dry-run.ts';
import { InputError } from '../operations/errors.ts';
import type { Journal } from '../operations/journal.ts';
import type { NodeReading, NodeWriting } from '../operations/node-link.ts';
import type { Patience } from '../operations/observe.ts';
import { operationId } from '../operations/operation-id.ts';
import type { Plan, StepResult } from '../operations/operation.ts';
import { planEdit, refusedGuard, type Planning } from '../operations/plan.ts';
import { runPlan } from '../operations/run.ts';
import { planUndo } from '../operations/undo.ts';
import type { Store } from '../state/store.ts';
import type { Session } from './session.ts';
import { itemsOf } from './trail.ts';

/** What doing needs. Both links are null where there is no cluster behind the picture. */
export type Doing = {
  readonly store: Store;
  /** Whether the store is kept up to date, so that effects can be seen in it. */
  readonly live: boolean;
  readonly reader: NodeReading | null;
  /** Makes the writer; called for the first plan of a session that may write, and never before. */
  readonly openWriter: (() => NodeWriting) | null;
  readonly readOnly: () => string | null;
  readonly journal: Journal;
  readonly now: () => number;
  readonly random: () => number;
  readonly who: string;
  readonly context: string;
  /** Set when the operator chose the context in place of the current one of the kubeconfig. */
  readonly chosenContext?: string | undefined;
  readonly patience?: Patience | undefined;
  readonly clock?: Clock | undefined;
  readonly signal: AbortSignal;
};

type Does = Pick<Session, 'plan' | 'planUndo' | 'apply' | 'journal'> & {
  /** Resolves when no operation is running any more. */
  readonly settled: () => Promise<void>;
};

/** The doing half of a session: plans, runs and the trail. */
export function createDoing(doing: Doing): Does {
  let writer: NodeWriting | null = null;
  const applied = new Set<string>();
  const running = new Set<Promise<unknown>>();
  const links = () => {
    if (!doing.reader || !doing.openWriter || doing.readOnly() !== null) return null;
    return { reader: doing.reader, writer: (writer ??= doing.openWriter()) };
  };
  const planning = (): Planning => ({
    state: doing.store.state,
    id: operationId(doing.now(), doing.random),
    readOnly: doing.readOnly(),
    chosenContext: doing.chosenContext,
  });
  const checked = async (plan: Plan): Promise<Plan> => {
    const open = refusedGuard(plan) ? null : links();
    return open ? dryRunPlan(plan, open.writer, open.reader, doing.signal) : plan;
  };
  const run = async (plan: Plan, onProgress: Parameters<Session['apply']>[1]): Promise<readonly StepResult[]> => {
    if (applied.has(plan.id)) throw new InputError(`Operation ${plan.id} was applied already; plan it anew.`);
    const open = links();
    if (!open) throw new InputError(doing.readOnly() ?? 'There is no cluster to write to.');
    applied.add(plan.id);
    const { store, live, journal, now, who, context, chosenContext, patience, clock, signal } = doing;
    const about = { journal, now, who, context, chosenContext, clock, signal, ...(patience && { patience }) };
    return runPlan(plan, { ...open, ...about, store: live ? store : null }, onProgress);
  };
  return {
    plan: async (nodes, edit) => checked(planEdit(planning(), nodes, edit)),
    planUndo: async (id) => checked(planUndo(planning(), doing.journal.trail(), id)),
    apply(plan, onProgress) {
      const results = run(plan, onProgress);
      const end = () => running.delete(results);
      running.add(results);
      results.then(end, end);
      return results;
    },
    journal: (filter = {}) => itemsOf(doing.journal, filter),
    settled: async () => {
      await Promise.allSettled([...running]);
    },
  };
}
