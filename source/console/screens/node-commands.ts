import type { ClusterNode } from '../../model/kubernetes/node.ts';
import type { NodeRow } from '../../state/node-rows.ts';
import type { Command } from '../keys/key-table.ts';
import type { Outcome } from '../screen.ts';
import { planning } from '../view.ts';
import { namesOf } from '../widgets/form.tsx';
import { emptyLine } from '../widgets/line-editor.ts';
import { rolesView } from './roles/view.ts';
import { onEtcd } from './etcd-commands.ts';
import { labelsView } from './labels/view.ts';
import { taintsView } from './taints/view.ts';

const nodesOf = (rows: readonly NodeRow[]): readonly ClusterNode[] => rows.map(({ node }) => node);

/** Cordon; uncordon when all of them are cordoned. */
function cordonOutcome(rows: readonly NodeRow[]): Outcome<never> {
  const kind = rows.every(({ node }) => node.cordoned) ? 'uncordon' : 'cordon';
  return {
    push: planning(`${kind === 'cordon' ? 'Cordon' : 'Uncordon'} ${namesOf(nodesOf(rows))}`),
    requests: [{ type: 'plan', nodes: rows.map(({ node }) => node.name), edit: { kind } }],
  };
}

const ON_NODES: Partial<Record<Command, (rows: readonly NodeRow[]) => Outcome<never>>> = {
  labels: (rows) => ({ push: labelsView(nodesOf(rows)) }),
  taints: (rows) => ({ push: taintsView(nodesOf(rows)) }),
  roles: (rows) => ({ push: rolesView(nodesOf(rows)) }),
  cordon: cordonOutcome,
};

/** What a command does to nodes, wherever they are shown; null when it does nothing to a node. */
export const onNodes = (command: Command, rows: readonly NodeRow[]): Outcome<never> | null =>
  ON_NODES[command]?.(rows) ?? null;

/** What does not change nodes: the undo of the last operation, whatever it was on, and screens of their own. */
const OPENS: Partial<Record<Command, (row: NodeRow | undefined) => Outcome<never>>> = {
  undo: () => ({ push: planning('Undo'), requests: [{ type: 'plan-undo' }] }),
  headroom: () => ({ push: { name: 'headroom', page: 0, top: 0 } }),
  pending: () => ({ push: { name: 'pending', cursor: { uid: null, index: 0 }, top: 0 } }),
  loss: (row) => ({
    push: { name: 'loss', node: row === undefined ? null : { uid: row.node.uid, name: row.node.name }, top: 0 },
  }),
  fits: () => ({ push: { name: 'fits', line: emptyLine, top: 0 } }),
  etcd: () => ({ push: { name: 'etcd', cursor: { member: null, index: 0 }, top: 0 } }),
  'control-plane': () => ({ push: { name: 'control-plane', marked: null, top: 0 } }),
};

/** What a command opens, for the node under the cursor where it is about one; null when it opens nothing. */
export const opens = (command: Command, row?: NodeRow): Outcome<never> | null =>
  OPENS[command]?.(row) ?? onEtcd(command);
