import type { Clock } from '../links/kubernetes/clock.ts';
import { dryRunPlan } from '../operations/dry-run.ts';
import { InputError } from '../operations/errors.ts';
import type { Journal } from '../operations/journal.ts';
import type { BackupReading } from '../operations/backup/backup-link.ts';
import { planBackup } from '../operations/backup/plan-backup.ts';
import { planEtcd } from '../operations/etcd/plan-etcd.ts';
import type { EtcdReading } from '../operations/etcd/etcd-link.ts';
import type { Patience } from '../operations/observe.ts';
import { operationId } from '../operations/operation-id.ts';
import type { NodePlan } from '../operations/operation.ts';
import { planEdit, refusedGuard, type Planning } from '../operations/plan.ts';
import type { Links } from '../operations/run.ts';
import { runPlan } from '../operations/run-plan.ts';
import { planUndo } from '../operations/undo.ts';
import type { Store } from '../state/store.ts';
import type { Session } from './session.ts';
import { itemsOf } from './trail.ts';

/** What doing needs. Links are null where there is no cluster behind the picture. */
export type Doing = {
  readonly store: Store;
  /** Whether the store is kept up to date, so that effects can be seen in it. */
  readonly live: boolean;
  /** What plans of etcd are made from. */
  readonly etcd: EtcdReading | null;
  /** What a plan of a backup is made from. */
  readonly backup: BackupReading | null;
  /** Makes the links that write; called for the first plan of a session that may write, and never before. */
  readonly openLinks: (() => Links) | null;
  /** Why this session writes nothing at all, as a sentence. */
  readonly noWrites: string | null;
  /** Why nodes cannot be changed: that, or a right that is missing. */
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

type Does = Pick<Session, 'plan' | 'planUndo' | 'planEtcd' | 'planBackup' | 'apply' | 'journal'> & {
  /** Resolves when no operation is running any more. */
  readonly settled: () => Promise<void>;
};

/** The doing half of a session: plans, runs and the trail. */
export function createDoing(doing: Doing): Does {
  let links: Links | null = null;
  const applied = new Set<string>();
  const running = new Set<Promise<unknown>>();
  const opened = (): Links | null => (links ??= doing.openLinks?.() ?? null);
  const planning = (readOnly: string | null): Planning => ({
    state: doing.store.state,
    id: operationId(doing.now(), doing.random),
    readOnly,
    chosenContext: doing.chosenContext,
  });
  const checked = async (plan: NodePlan): Promise<NodePlan> => {
    const open = refusedGuard(plan) ? null : opened();
    return open ? dryRunPlan(plan, open.writer, open.reader, doing.signal) : plan;
  };
  const run: Session['apply'] = async (plan, onProgress, stop) => {
    if (applied.has(plan.id)) throw new InputError(`Operation ${plan.id} was applied already; plan it anew.`);
    const why = plan.steps.some(({ task }) => task === 'edit') ? doing.readOnly() : doing.noWrites;
    const open = why === null ? opened() : null;
    if (!open) throw new InputError(why ?? 'There is no cluster to write to.');
    applied.add(plan.id);
    const { store, live, journal, now, who, context, chosenContext, patience, clock, signal } = doing;
    const about = { journal, now, who, context, chosenContext, clock, signal, stop, ...(patience && { patience }) };
    return runPlan(plan, { ...open, ...about, store: live ? store : null }, onProgress);
  };
  return {
    plan: async (nodes, edit) => checked(planEdit(planning(doing.readOnly()), nodes, edit)),
    planUndo: async (id) => checked(planUndo(planning(doing.readOnly()), doing.journal.trail(), id)),
    planEtcd: async (request) => {
      const { etcd } = doing;
      if (etcd === null) throw new InputError(doing.noWrites ?? 'There is no cluster to ask.');
      return planEtcd(planning(doing.noWrites), request, etcd, doing.signal);
    },
    planBackup: async () => {
      const { backup } = doing;
      if (backup === null) throw new InputError(doing.noWrites ?? 'There is no cluster to ask.');
      return planBackup(planning(doing.noWrites), backup, doing.now(), doing.signal);
    },
    apply(...given) {
      const results = run(...given);
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
