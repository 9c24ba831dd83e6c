import { labelValueProblem } from './names.ts';
import type { ClusterNode } from './node.ts';
import type { NodeTerm, Requirement } from './placement.ts';
import { int64 } from './selector.ts';

type Labels = Readonly<Record<string, string>>;

/** The values that a requirement may have, and whether the value of a label, undefined where there is none, meets it. */
type Operator = {
  readonly takes: (values: readonly string[]) => boolean;
  readonly holds: (value: string | undefined, values: readonly string[]) => boolean;
};

const some = (values: readonly string[]): boolean => values.length > 0;
const none = (values: readonly string[]): boolean => values.length === 0;
const oneNumber = ([bound, ...more]: readonly string[]): boolean =>
  bound !== undefined && more.length === 0 && int64(bound) !== null;

const compared =
  (holds: (one: bigint, other: bigint) => boolean): Operator['holds'] =>
  (value, [bound]) => {
    const one = value === undefined ? null : int64(value);
    const other = bound === undefined ? null : int64(bound);
    return one !== null && other !== null && holds(one, other);
  };

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['In', { takes: some, holds: (value, values) => value !== undefined && values.includes(value) }],
  ['NotIn', { takes: some, holds: (value, values) => value === undefined || !values.includes(value) }],
  ['Exists', { takes: none, holds: (value) => value !== undefined }],
  ['DoesNotExist', { takes: none, holds: (value) => value === undefined }],
  ['Gt', { takes: oneNumber, holds: compared((one, other) => one > other) }],
  ['Lt', { takes: oneNumber, holds: compared((one, other) => one < other) }],
]);

/** Own properties alone: no label is called `constructor` unless somebody set it. */
const valueOf = (labels: Labels, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

const isLabelValue = (value: string): boolean => labelValueProblem(value) === null;

/**
 * Whether labels meet a requirement. An operator that Kubernetes does not know, or one with values that it does not
 * take, is met by nothing (Kubernetes: NodeSelectorRequirement, LabelSelectorRequirement). No operator takes a value that
 * no label could have: more than -3 is met by no number, and not to be one is met by no label.
 */
export function meets(labels: Labels, { key, operator, values }: Requirement): boolean {
  const known = OPERATORS.get(operator);
  return known?.takes(values) === true && known.holds(valueOf(labels, key), values) && values.every(isLabelValue);
}

/** Whether labels are those asked for, each with its value. */
export const hasLabels = (labels: Labels, wanted: Labels): boolean => {
  for (const key in wanted) if (valueOf(labels, key) !== wanted[key]) return false;
  return true;
};

/** The only field by which a node can be asked for is its name, by In or NotIn with one value. */
function meetsField(name: string, { key, operator, values }: Requirement): boolean {
  if (key !== 'metadata.name' || values.length !== 1) return false;
  return operator === 'In' ? values[0] === name : operator === 'NotIn' && values[0] !== name;
}

/** Whether one of the terms matches; an empty term matches no node, and neither does an empty list of terms. */
export const matchesTerms = (
  terms: readonly NodeTerm[],
  { name, labels }: Pick<ClusterNode, 'name' | 'labels'>,
): boolean =>
  terms.some(
    (term) =>
      term.labels.length + term.fields.length > 0 &&
      term.labels.every((requirement) => meets(labels, requirement)) &&
      term.fields.every((requirement) => meetsField(name, requirement)),
  );
