import type { KubernetesObject, LabelSelector, PodDisruptionBudget, PodSpec } from '../wire.ts';
import { ageColumn, ageSince, nameColumn, NONE, type Column } from './column.ts';
import { humanDuration } from './durations.ts';

/** What the columns read of an object that keeps pods alive; what it does not say counts as nothing. */
export type WorkloadObject = KubernetesObject & {
  spec?: {
    replicas?: number;
    completions?: number;
    parallelism?: number;
    selector?: LabelSelector;
    template?: { spec?: Partial<PodSpec> };
    schedule?: string;
    suspend?: boolean;
  };
  status?: Readonly<Record<string, unknown>>;
};

type Text = Column<WorkloadObject>;

const counted = (name: string, description: string, cell: Text['cell'], type: Text['type'] = 'integer'): Text => ({
  name,
  type,
  priority: 0,
  description,
  cell,
});

/** A number of the status that is left out when it is nothing. */
const told =
  (field: string) =>
  ({ status = {} }: WorkloadObject): number => {
    const value = status[field];
    return typeof value === 'number' ? value : 0;
  };

/** `spec.replicas` as the server fills it in. */
const wanted = ({ spec: { replicas = 1 } = {} }: WorkloadObject): number => replicas;
const readyOfWanted = (object: WorkloadObject): string => `${told('readyReplicas')(object)}/${wanted(object)}`;

const joined = (labels: Readonly<Record<string, string>>): string[] =>
  Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);

const labelText = (labels: Readonly<Record<string, string>> = {}): string => joined(labels).join(',') || NONE;

const REQUIREMENTS: Readonly<Record<string, (key: string, values: string) => string>> = {
  In: (key, values) => `${key} in (${values})`,
  NotIn: (key, values) => `${key} notin (${values})`,
  Exists: (key) => key,
  DoesNotExist: (key) => `!${key}`,
};

function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) => REQUIREMENTS[operator]?.(key, values.join(',')) ?? key,
  );
  return [...joined(matchLabels), ...expressions].join(',') || NONE;
}

const containersOf = ({ spec }: WorkloadObject): Partial<PodSpec>['containers'] => spec?.template?.spec?.containers;

const containers: Text = {
  name: 'Containers',
  priority: 1,
  description: 'Names of each container in the template.',
  cell: (object) => (containersOf(object) ?? []).map(({ name }) => name).join(','),
};
const images: Text = {
  name: 'Images',
  priority: 1,
  description: 'Images referenced by each container in the template.',
  cell: (object) => (containersOf(object) ?? []).map(({ image }) => image).join(','),
};
const selector: Text = {
  name: 'Selector',
  priority: 1,
  description: 'The selector of the pods.',
  cell: ({ spec }) => selectorText(spec?.selector),
};

export const daemonSetColumns: readonly Text[] = [
  nameColumn,
  counted('Desired', 'Nodes that should run the pod.', told('desiredNumberScheduled')),
  counted('Current', 'Nodes that run the pod and should.', told('currentNumberScheduled')),
  counted('Ready', 'Nodes on which the pod is ready.', told('numberReady')),
  counted('Up-to-date', 'Nodes that run the pod as it is now described.', told('updatedNumberScheduled')),
  counted('Available', 'Nodes on which the pod is available.', told('numberAvailable')),
  {
    name: 'Node Selector',
    priority: 0,
    description: 'Labels that the nodes must have.',
    cell: ({ spec }) => labelText(spec?.template?.spec?.nodeSelector),
  },
  ageColumn,
  containers,
  images,
  selector,
];

export const deploymentColumns: readonly Text[] = [
  nameColumn,
  { name: 'Ready', priority: 0, description: 'Number of the pod with ready state', cell: readyOfWanted },
  counted('Up-to-date', 'Pods as they are now described.', told('updatedReplicas'), 'string'),
  counted('Available', 'Pods that have been ready for long enough.', told('availableReplicas'), 'string'),
  ageColumn,
  containers,
  images,
  selector,
];

export const replicaSetColumns: readonly Text[] = [
  nameColumn,
  counted('Desired', 'Pods that there should be.', wanted),
  counted('Current', 'Pods that there are.', told('replicas')),
  counted('Ready', 'Pods that are ready.', told('readyReplicas')),
  ageColumn,
  containers,
  images,
  selector,
];

export const statefulSetColumns: readonly Text[] = [
  nameColumn,
  { name: 'Ready', priority: 0, description: 'Number of the pod with ready state', cell: readyOfWanted },
  ageColumn,
  containers,
  images,
];

function completions(job: WorkloadObject): string {
  const { completions: total, parallelism = 1 } = job.spec ?? {};
  const done = told('succeeded')(job);
  if (total !== undefined) return `${done}/${total}`;
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}

const timeOf = ({ status = {} }: WorkloadObject, field: string): string | undefined => {
  const value = status[field];
  return typeof value === 'string' ? value : undefined;
};

function durationOf(job: WorkloadObject, now: number): string {
  const started = timeOf(job, 'startTime');
  if (started === undefined) return '';
  const ended = timeOf(job, 'completionTime');
  return humanDuration((ended === undefined ? now : Date.parse(ended)) - Date.parse(started));
}

export const jobColumns: readonly Text[] = [
  nameColumn,
  { name: 'Completions', priority: 0, description: 'Pods that have ended well.', cell: completions },
  { name: 'Duration', priority: 0, description: 'Time that the job took.', cell: durationOf },
  ageColumn,
  containers,
  images,
  selector,
];

export const cronJobColumns: readonly Text[] = [
  nameColumn,
  { name: 'Schedule', priority: 0, description: 'When it runs.', cell: ({ spec }) => spec?.schedule ?? '' },
  {
    name: 'Suspend',
    type: 'boolean',
    priority: 0,
    description: 'Whether it does not run.',
    cell: ({ spec }) => String(spec?.suspend ?? false).replace(/^./, (first) => first.toUpperCase()),
  },
  counted('Active', 'Jobs that run.', ({ status = {} }) =>
    Array.isArray(status['active']) ? status['active'].length : 0,
  ),
  {
    name: 'Last Schedule',
    priority: 0,
    description: 'Time since it last ran.',
    cell: (job, now) => {
      const last = timeOf(job, 'lastScheduleTime');
      return last === undefined ? NONE : ageSince(last, now);
    },
  },
  ageColumn,
  containers,
  images,
  selector,
];

const orNot = (value: number | string | undefined): string => (value === undefined ? 'N/A' : String(value));

export const budgetColumns: readonly Column<PodDisruptionBudget>[] = [
  nameColumn,
  {
    name: 'Min Available',
    priority: 0,
    description: 'Pods that must remain.',
    cell: ({ spec }) => orNot(spec.minAvailable),
  },
  {
    name: 'Max Unavailable',
    priority: 0,
    description: 'Pods that may be missing.',
    cell: ({ spec }) => orNot(spec.maxUnavailable),
  },
  {
    name: 'Allowed Disruptions',
    type: 'integer',
    priority: 0,
    description: 'Pods that may be evicted now.',
    cell: ({ status }) => status.disruptionsAllowed,
  },
  ageColumn,
];
