import { labelKeyProblem, labelValueProblem, taintKeyProblem, taintProblem } from '../model/kubernetes/names.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import { roleLabel } from '../product/roles.ts';
import { isSameTaint, labelOf, taintOf } from './change.ts';
import { InputError } from './errors.ts';
import type { Change, NodeEdit } from './operation.ts';
import { roleChanges, roleEditProblem } from './role-edit.ts';

/** Throws an InputError with the rule for the first thing that is wrong with the edit itself, whatever the nodes. */
export function checkEdit(edit: NodeEdit): void {
  const problem = problemOf(edit);
  if (problem !== null) throw new InputError(`${problem}.`);
}

function problemOf(edit: NodeEdit): string | null {
  switch (edit.kind) {
    case 'label':
      return labelProblem(edit);
    case 'taint':
      return taintsProblem(edit);
    case 'role':
      return roleEditProblem(edit);
    default:
      return null;
  }
}

function labelProblem({ set, remove }: Extract<NodeEdit, { kind: 'label' }>): string | null {
  const labels = Object.entries(set);
  if (labels.length + remove.length === 0) return 'No label is given to set or to remove';
  const both = remove.find((key) => Object.hasOwn(set, key));
  if (both !== undefined) return `Label ${both} cannot be both set and removed`;
  const problems = [
    ...labels.flatMap(([key, value]) => [labelKeyProblem(key), labelValueProblem(value)]),
    ...remove.map(labelKeyProblem),
  ];
  return problems.find((problem) => problem !== null) ?? null;
}

function taintsProblem({ add, remove, addNodeRole }: Extract<NodeEdit, { kind: 'taint' }>): string | null {
  if (add.length + remove.length === 0 && !addNodeRole) return 'No taint is given to add or to remove';
  const problem = [...add.map(taintProblem), ...remove.map(({ key }) => taintKeyProblem(key))].find(
    (problem) => problem !== null,
  );
  if (problem !== undefined) return problem;
  const twice = add.find((taint, place) => add.findIndex((other) => isSameTaint(other, taint)) !== place);
  if (twice) return `Taint ${twice.key}:${twice.effect} is given twice`;
  const both = add.find((taint) =>
    remove.some(({ key, effect }) => isSameTaint(taint, { key, effect: effect ?? taint.effect })),
  );
  return both ? `Taint ${both.key}:${both.effect} cannot be both set and removed` : null;
}

/** What the edit changes on the node; nothing when the node holds all of it already. A change may overwrite. */
export function changesOf(node: ClusterNode, edit: NodeEdit): readonly Change[] {
  switch (edit.kind) {
    case 'label':
      return [
        ...Object.entries(edit.set).flatMap(([key, value]) => labelChange(node, key, value)),
        ...edit.remove.flatMap((key) => labelChange(node, key, null)),
      ];
    case 'taint':
      return [
        ...edit.add.flatMap((taint) => addedTaint(node, taint)),
        ...edit.remove.flatMap((taint) => removedTaints(node, taint)),
        ...(edit.addNodeRole && labelOf(node, roleLabel('node')) === null
          ? labelChange(node, roleLabel('node'), '')
          : []),
      ];
    case 'role':
      return roleChanges(node, edit);
    case 'cordon':
    case 'uncordon': {
      const after = edit.kind === 'cordon';
      return node.cordoned === after ? [] : [{ field: 'cordoned', before: node.cordoned, after }];
    }
  }
}

function labelChange(node: ClusterNode, key: string, after: string | null): readonly Change[] {
  const before = labelOf(node, key);
  return before === after ? [] : [{ field: 'label', key, before, after }];
}

type TaintEdit = Extract<NodeEdit, { kind: 'taint' }>;

/** A taint of the same key and effect gets the new value, as with kubectl's `--overwrite`. */
function addedTaint(node: ClusterNode, { key, value, effect }: TaintEdit['add'][number]): readonly Change[] {
  const before = taintOf(node, { key, effect });
  if (before?.value === value) return [];
  return [{ field: 'taint', key, effect, before, after: { key, value, effect, timeAdded: null } }];
}

const removedTaints = (node: ClusterNode, { key, effect }: TaintEdit['remove'][number]): readonly Change[] =>
  (node.taints ?? [])
    .filter((taint) => taint.key === key && (effect === null || taint.effect === effect))
    .map((before) => ({ field: 'taint', key, effect: before.effect, before, after: null }));
