import type { NodeRow } from '../../state/node-rows.ts';
import type { Command } from '../keys/key-table.ts';
import type { Outcome } from '../screen.ts';
import { planning } from '../view.ts';
import { labelsView } from './labels/view.ts';
import { taintsView } from './taints/view.ts';

/** Cordon, or uncordon what is cordoned. */
function cordonOutcome({ node }: NodeRow): Outcome<never> {
  const kind = node.cordoned ? 'uncordon' : 'cordon';
  return {
    push: planning(`${kind === 'cordon' ? 'Cordon' : 'Uncordon'} ${node.name}`),
    requests: [{ type: 'plan', nodes: [node.name], edit: { kind } }],
  };
}

const ON_NODE: Partial<Record<Command, (row: NodeRow) => Outcome<never>>> = {
  labels: ({ node }) => ({ push: labelsView(node) }),
  taints: ({ node }) => ({ push: taintsView(node) }),
  cordon: cordonOutcome,
};

/** What a command does to a node, wherever that node is shown; null when it does nothing to a node. */
export const onNode = (command: Command, row: NodeRow): Outcome<never> | null => ON_NODE[command]?.(row) ?? null;

/** The undo of the last operation, whatever it was on. */
export const undoOutcome: Outcome<never> = { push: planning('Undo'), requests: [{ type: 'plan-undo' }] };
