import { planBackup } from '../../source/operations/backup/plan-backup.ts';
import { planEdit } from '../../source/operations/plan.ts';
import type { EtcdRequest, Plan, StepProgress, StepResult } from '../../source/operations/operation.ts';
import type { Attention, Session } from '../../source/session/session.ts';
import type { Store } from '../../source/state/store.ts';
import { NOON } from './made-cluster.ts';

export type MadeSessionOptions = {
  readonly readOnly?: string | null;
  readonly notices?: readonly string[];
  /** The plan that is made of what is asked of etcd. */
  readonly etcd?: (request: EtcdRequest) => Promise<Plan>;
  /** How an apply ends; done on every node when not given. */
  readonly results?: (plan: Plan) => readonly StepResult[];
  /** Carries out what is applied, in place of `results`. */
  readonly apply?: Session['apply'];
};

const NO_COPIES = { copies: () => Promise.resolve([]), mayExec: () => Promise.resolve(true) };

/** A session over a picture made by hand, what was applied in it, and where the operator looked; plans are real, the cluster behind them is not. */
export function madeSession(store: Store, options: MadeSessionOptions = {}) {
  const { readOnly = null, notices = [], etcd, results, apply } = options;
  const applied: Plan[] = [];
  const attended: Attention[] = [];
  const session: Session = {
    store,
    now: () => NOON,
    readOnly,
    notices,
    plan: async (nodes, edit) => {
      const plan = await Promise.resolve(planEdit({ state: store.state, id: 'plan-1', readOnly }, nodes, edit));
      return { ...plan, steps: plan.steps.map((step) => ({ ...step, dryRun: { state: 'accepted' } as const })) };
    },
    planEtcd: (request) => etcd?.(request) ?? Promise.reject(new Error('There is no etcd here.')),
    planBackup: () => planBackup({ state: store.state, id: 'plan-1', readOnly }, NO_COPIES, NOON),
    planUndo: () => Promise.reject(new Error('There is nothing to undo: no operation has been done yet.')),
    apply: (plan, onProgress?: (progress: StepProgress) => void, stop?: AbortSignal) => {
      applied.push(plan);
      if (apply) return apply(plan, onProgress, stop);
      const ended =
        results?.(plan) ?? plan.steps.map(({ task, node }) => ({ task, node, state: 'done' as const, why: null }));
      for (const result of ended)
        onProgress?.({ task: result.task, node: result.node, state: 'ended', result, took: 1_000 });
      return Promise.resolve(ended);
    },
    attend: (what) => {
      attended.push(what);
    },
    journal: () => [],
    close: () => Promise.resolve(),
  };
  return { session, applied, attended };
}
