import { isProblem, parseLabelArguments, parseTaintArguments, splitNodesAndEdits } from '../model/kubernetes/edits.ts';
import type { NodeEdit } from '../operations/operation.ts';
import { roleOfKey } from '../product/roles.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { carryOut } from './carry-out.ts';
import { byName, checkNodeName, noSuchNode, readSelector } from './choose-nodes.ts';
import { withSession } from './cluster.ts';
import type { Call, Run } from './command.ts';
import { UsageError } from './exit.ts';

type Target = (state: ClusterState) => readonly string[];

function accepted<T extends object>(result: T | { readonly problem: string }): T {
  if (isProblem(result)) throw new UsageError(`${result.problem}.`);
  return result;
}

/** The nodes that names, `-l` or `--all` mean; exactly one of the three is given. */
function targetOf({ flags }: Call, names: readonly string[]): Target {
  const ways = [names.length > 0, flags.selector !== undefined, flags.all === true].filter(Boolean).length;
  if (ways !== 1)
    throw new UsageError(
      ways === 0
        ? 'No node is named; give names of nodes, -l SELECTOR or --all.'
        : 'Nodes are named in two ways; give either names, -l SELECTOR or --all.',
    );
  names.forEach(checkNodeName);
  const selector = readSelector(flags.selector);
  return (state) => {
    const unknown = names.find((name) => !state.nodes.has(name));
    if (unknown !== undefined) throw new UsageError(noSuchNode(unknown, state));
    if (names.length > 0) return [...new Set(names)];
    const nodes = [...state.nodes.values()].filter(({ labels }) => selector === null || selector(labels));
    if (nodes.length === 0) throw new UsageError('No node matches; nothing was sent.');
    return nodes.sort(byName).map(({ name }) => name);
  };
}

/** kubectl names the kind before the names, as in `taint nodes bootstrap …`; here it may stand, and says nothing. */
function withoutKind(words: readonly string[], { flags }: Call): readonly string[] {
  const others = words.length > 1 || flags.selector !== undefined || flags.all === true;
  return others && /^(no|nodes?)$/.test(words[0] ?? '') ? words.slice(1) : words;
}

/** Whether the edit bears on roles, whose effects reach pods all over the cluster. */
const touchesRoles = (edit: NodeEdit): boolean => {
  switch (edit.kind) {
    case 'role':
      return true;
    case 'label':
      return [...Object.keys(edit.set), ...edit.remove].some((key) => roleOfKey(key) !== null);
    case 'taint':
      return edit.addNodeRole || [...edit.add, ...edit.remove].some(({ key }) => roleOfKey(key) !== null);
    default:
      return false;
  }
};

const EVERYTHING_PLACED = ['nodes', 'pods', 'claims', 'persistentVolumes', 'storageClasses'] as const;

/** Plans the edit on the nodes that words or flags mean, has it confirmed and carries it out. */
export function editNodes(call: Call, words: readonly string[], edit: NodeEdit): Promise<number> {
  const names = withoutKind(words, call);
  const target = targetOf(call, names);
  const wants = touchesRoles(edit)
    ? { resources: EVERYTHING_PLACED }
    : { resources: ['nodes', 'pods'] as const, ...(names.length > 0 && { of: names }) };
  return withSession(call, { ...wants, writes: true }, async (session) =>
    carryOut(call, session, await session.plan(target(session.store.state), edit)),
  );
}

function divide({ arguments: words }: Call, forms: string): { nodes: readonly string[]; edits: readonly string[] } {
  const { nodes, edits } = accepted(splitNodesAndEdits(words));
  if (edits.length === 0) throw new UsageError(`No edit is given; write ${forms}.`);
  return { nodes, edits };
}

export const label: Run = (call) => {
  const { nodes, edits } = divide(call, 'KEY=VALUE to set a label or KEY- to remove one');
  return editNodes(call, nodes, { kind: 'label', ...accepted(parseLabelArguments(edits)) });
};

export const taint: Run = (call) => {
  const { nodes, edits } = divide(call, 'KEY=VALUE:EFFECT to add a taint or KEY:EFFECT- to remove one');
  const addNodeRole = call.flags['add-node-role'] === true;
  return editNodes(call, nodes, { kind: 'taint', ...accepted(parseTaintArguments(edits)), addNodeRole });
};

export const cordon: Run = (call) => editNodes(call, call.arguments, { kind: 'cordon' });
export const uncordon: Run = (call) => editNodes(call, call.arguments, { kind: 'uncordon' });
