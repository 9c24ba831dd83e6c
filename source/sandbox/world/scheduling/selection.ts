import type { LabelSelector, Node, NodeSelector, NodeSelectorTerm, PodSpec, Requirement } from '../../wire.ts';

type Labels = Readonly<Record<string, string>>;

const WHOLE_NUMBER = /^[+-]?\d+$/;

/** Gt and Lt compare whole numbers; whatever else stands on either side does not match. */
function compares(present: string | undefined, [wanted = '']: readonly string[], sign: 1 | -1): boolean {
  if (present === undefined || !WHOLE_NUMBER.test(present) || !WHOLE_NUMBER.test(wanted)) return false;
  const difference = BigInt(present) - BigInt(wanted);
  return sign === 1 ? difference > 0n : difference < 0n;
}

type Meets = (present: string | undefined, values: readonly string[]) => boolean;

/** The operators of requirements (Kubernetes: labels.Requirement.Matches); one without a label meets NotIn. */
const OPERATORS: ReadonlyMap<string, Meets> = new Map<Requirement['operator'], Meets>([
  ['In', (present, values) => present !== undefined && values.includes(present)],
  ['NotIn', (present, values) => present === undefined || !values.includes(present)],
  ['Exists', (present) => present !== undefined],
  ['DoesNotExist', (present) => present === undefined],
  ['Gt', (present, values) => compares(present, values, 1)],
  ['Lt', (present, values) => compares(present, values, -1)],
]);

const meets = (labels: Labels, { key, operator, values = [] }: Requirement): boolean =>
  OPERATORS.get(operator)?.(Object.hasOwn(labels, key) ? labels[key] : undefined, values) ?? false;

/** A term without any requirement matches nothing. */
function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, { metadata }: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const { labels = {}, name } = metadata;
  const fields = { 'metadata.name': name };
  return matchExpressions.every((each) => meets(labels, each)) && matchFields.every((each) => meets(fields, each));
}

/** Whether one of the terms matches a node. */
export const matchesNode = ({ nodeSelectorTerms }: NodeSelector, node: Node): boolean =>
  nodeSelectorTerms.some((term) => matchesTerm(term, node));

const matchesLabels = (wanted: Labels, labels: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value);

/** Whether a pod may be on a node by its node selector and its required node affinity. */
export function isWanted({ nodeSelector = {}, affinity }: PodSpec, node: Node): boolean {
  if (!matchesLabels(nodeSelector, node.metadata.labels ?? {})) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || matchesNode(required, node);
}

/** Whether a selector of labels takes an object; one that is empty takes all. */
export const selects = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels = {}): boolean =>
  matchesLabels(matchLabels, labels) && matchExpressions.every((each) => meets(labels, each));
