import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import { journalInMemory } from '../../source/operations/journal.ts';
import type { NodeEdit, NodePlan } from '../../source/operations/operation.ts';
import { planEdit, type Planning } from '../../source/operations/plan.ts';
import { runPlan } from '../../source/operations/run-plan.ts';
import { planUndo } from '../../source/operations/undo.ts';
import { createStore } from '../../source/state/store.ts';
import { NODES_ALONE } from './nodes-alone.ts';
import { fakeLink } from './wire-node.ts';

/** A small cluster on which operations are run and taken back; ids are op-1, op-2 and so on. */
export function cluster(...nodes: readonly ClusterNode[]) {
  const link = fakeLink(...nodes);
  const journal = journalInMemory();
  let count = 0;
  const planning = (): Planning => ({
    state: createStore([
      { type: 'changed', at: 1, resource: 'nodes', items: [...link.nodes.values()] },
      { type: 'status', at: 1, resource: 'nodes', status: { state: 'live' } },
    ]).state,
    id: `op-${(count += 1)}`,
    readOnly: null,
  });
  const apply = (plan: NodePlan) => {
    const about = {
      journal,
      store: null,
      now: () => count,
      who: 'ada',
      context: 'prod',
      patience: { bound: 10, pause: 5 },
    };
    return runPlan(plan, { ...NODES_ALONE, writer: link.writer, reader: link.reader, ...about });
  };
  const run = async (plan: NodePlan) => {
    await apply(plan);
    return plan;
  };
  return {
    nodes: link.nodes,
    journal,
    /** The plan of an edit, and its end. */
    planEdit: (edit: NodeEdit, ...names: readonly string[]) => planEdit(planning(), names, edit),
    apply,
    edit: (edit: NodeEdit, ...names: readonly string[]) => run(planEdit(planning(), names, edit)),
    plan: (id?: string) => planUndo(planning(), journal.trail(), id),
    undo: (id?: string) => run(planUndo(planning(), journal.trail(), id)),
    label: (name: string, key: string) => link.nodes.get(name)?.labels[key],
    set: (name: string, labels: Record<string, string>) => {
      const node = link.nodes.get(name);
      if (node) link.nodes.set(name, { ...node, labels: { ...node.labels, ...labels } });
    },
  };
}
