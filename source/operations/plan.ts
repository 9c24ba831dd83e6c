import type { ClusterNode } from '../model/kubernetes/node.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { list, plural } from '../text/words.ts';
import { changesOf, checkEdit } from './edit.ts';
import { effectsOf } from './effects.ts';
import { InputError } from './errors.ts';
import { kubectlLines } from './kubectl-lines.ts';
import type { Change, Effect, Guard, NodeEdit, OperationName, NodePlan, NodeStep, Plan } from './operation.ts';
import { sharedSentences, warningsFirst } from './node-effect.ts';
import { patchFor, type Ground } from './patch.ts';
import { roleGround, taintsLeftAlone, type RoleEdit } from './role-edit.ts';

const NAMES_IN_TITLE = 3;

/** What every plan needs besides what it shall do. */
export type Planning = {
  readonly state: ClusterState;
  readonly id: string;
  /** Why nothing can be written, null when it can. */
  readonly readOnly: string | null;
  /** The context that the operator chose in place of the current one of the kubeconfig. */
  readonly chosenContext?: string | undefined;
};

/**
 * The plan of an edit, before the server was asked. Names may come twice. Throws an InputError for an edit that is
 * wrong in itself and for a node that is not there.
 */
export function planEdit(planning: Planning, names: readonly string[], edit: NodeEdit): NodePlan {
  checkEdit(edit);
  const nodes = nodesByName(planning.state, names);
  const wanted = nodes.map((node) => ({
    node,
    changes: changesOf(node, edit),
    ...(edit.kind === 'role' && { ground: roleGround(node, edit) }),
  }));
  return planChanges(planning, {
    name: edit.kind,
    title: `${verbOf(edit)} ${list(
      nodes.map(({ name }) => name),
      NAMES_IN_TITLE,
    )}`,
    wanted,
    ...(edit.kind === 'role' && { effects: leftAlone(wanted, edit) }),
  });
}

/** What of taints was not decided is said of nodes that are changed. */
const leftAlone = (wanted: readonly Wanted[], edit: RoleEdit): readonly Effect[] =>
  sharedSentences(
    wanted
      .filter(({ changes }) => changes.length > 0)
      .map(({ node }) => ({ node: node.name, effects: taintsLeftAlone(node, edit) })),
  );

type Wanted = {
  readonly node: ClusterNode;
  readonly changes: readonly Change[];
  readonly ground?: Ground;
};

/** A plan from the changes wanted on each node; a node with none is `unchanged`. */
export function planChanges(
  { state, id, readOnly, chosenContext }: Planning,
  given: {
    readonly name: OperationName;
    readonly title: string;
    readonly wanted: readonly Wanted[];
    readonly effects?: readonly Effect[];
    readonly undoes?: string;
  },
): NodePlan {
  const steps = given.wanted.filter(({ changes }) => changes.length > 0).map(stepOf);
  return {
    id,
    name: given.name,
    title: given.title,
    commands: kubectlLines(steps, chosenContext),
    steps,
    inOrder: false,
    unchanged: given.wanted.filter(({ changes }) => changes.length === 0).map(({ node }) => node.name),
    guards: [writeAccess(readOnly)],
    effects: warningsFirst([...(given.effects ?? []), ...effectsOf(state, steps)]),
    undoes: given.undoes ?? null,
    confirmation: null,
  };
}

const stepOf = ({ node, changes, ground }: Wanted): NodeStep => ({
  task: 'edit',
  node: node.name,
  uid: node.uid,
  changes,
  patch: patchFor(node, changes, ground),
  dryRun: { state: 'not-checked', why: 'the server was not asked' },
});

export const writeAccess = (readOnly: string | null): Guard => ({
  name: 'write-access',
  state: readOnly === null ? 'passed' : 'refused',
  sentence: readOnly ?? 'This session may write.',
});

/** Guards that are refused for want of rights or answers, and not for how the cluster is. */
export type Unanswered = 'members-asked' | 'exec-right' | 'copies-asked';
const UNANSWERED: readonly string[] = ['members-asked', 'exec-right', 'copies-asked'] satisfies readonly Unanswered[];

/** Whether a plan is refused because something could not be asked or may not be done. */
export const isUnanswered = (plan: Pick<Plan, 'guards'>): boolean =>
  UNANSWERED.includes(refusedGuard(plan)?.name ?? '');

/** The refusal that stops a plan, or null. */
export const refusedGuard = (plan: Pick<Plan, 'guards'>): Guard | null =>
  plan.guards.find(({ state }) => state === 'refused') ?? null;

function nodesByName(state: ClusterState, names: readonly string[]): readonly ClusterNode[] {
  const wanted = [...new Set(names)];
  if (wanted.length === 0) throw new InputError('No node is given: name one or more.');
  const missing = wanted.filter((name) => !state.nodes.has(name));
  if (missing.length > 0) throw new InputError(missingSentence(state, missing));
  return wanted.flatMap((name) => state.nodes.get(name) ?? []);
}

function missingSentence(state: ClusterState, missing: readonly string[]): string {
  const names = list(
    missing.map((name) => `"${name}"`),
    NAMES_IN_TITLE,
  );
  const there = [...state.nodes.keys()].sort();
  return there.length === 0
    ? `The cluster has no node ${names}, and no other is known.`
    : `The cluster has no node ${names}; it has ${plural(there.length, 'node')}: ${list(there, 8)}.`;
}

function verbOf(edit: NodeEdit): string {
  switch (edit.kind) {
    case 'label':
      return 'Label';
    case 'taint':
      return edit.add.length > 0 ? (edit.remove.length > 0 ? 'Change taints of' : 'Taint') : 'Untaint';
    case 'role':
      return edit.add.length + edit.remove.length > 0 ? 'Change roles of' : 'Change taints of';
    case 'cordon':
      return 'Cordon';
    case 'uncordon':
      return 'Uncordon';
  }
}
