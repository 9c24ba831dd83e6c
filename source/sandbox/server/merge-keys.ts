/**
 * How a strategic merge patch treats the lists and maps of the built-in kinds (the patchStrategy and patchMergeKey tags
 * of k8s.io/api 1.29): all maps are merged and all lists replaced, but for these.
 */
export type MergeRule =
  /** Items are objects that this field names: those of the same name are merged. */
  | { items: string }
  /** Items are plain values: those that are not there yet are added. */
  | 'values'
  /** A map that is replaced as a whole. */
  | 'replace';

type Rules = Readonly<Record<string, MergeRule>>;

const named: MergeRule = { items: 'name' };
const typed: MergeRule = { items: 'type' };

/** Rules below a place: `spec.` in front of each path. */
const below = (place: string, rules: Rules): Rules =>
  Object.fromEntries(Object.entries(rules).map(([path, rule]) => [`${place}.${path}`, rule]));

const METADATA: Rules = { finalizers: 'values', ownerReferences: { items: 'uid' } };

const CONTAINER: Rules = {
  ports: { items: 'containerPort' },
  env: named,
  volumeMounts: { items: 'mountPath' },
  volumeDevices: { items: 'devicePath' },
};

const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'];

const POD_SPEC: Rules = {
  ...Object.fromEntries(
    CONTAINER_LISTS.flatMap((list) => [[list, named] as const, ...Object.entries(below(list, CONTAINER))]),
  ),
  volumes: named,
  imagePullSecrets: named,
  resourceClaims: named,
  schedulingGates: named,
  hostAliases: { items: 'ip' },
  topologySpreadConstraints: { items: 'topologyKey' },
};

const TEMPLATE: Rules = { ...below('template.metadata', METADATA), ...below('template.spec', POD_SPEC) };
const CONDITIONS: Rules = { 'status.conditions': typed };
const WORKLOAD: Rules = { ...below('spec', TEMPLATE), ...CONDITIONS };

const KINDS: Readonly<Record<string, Rules>> = {
  Node: { 'spec.podCIDRs': 'values', 'status.addresses': typed, ...CONDITIONS },
  Pod: {
    ...below('spec', POD_SPEC),
    ...CONDITIONS,
    'status.podIPs': { items: 'ip' },
    'status.hostIPs': { items: 'ip' },
  },
  DaemonSet: WORKLOAD,
  Deployment: WORKLOAD,
  ReplicaSet: WORKLOAD,
  StatefulSet: { ...WORKLOAD, ...below('spec.volumeClaimTemplates', below('metadata', METADATA)) },
  Job: WORKLOAD,
  CronJob: { ...below('spec.jobTemplate.metadata', METADATA), ...below('spec.jobTemplate.spec', TEMPLATE) },
  Service: { 'spec.ports': { items: 'port' }, ...CONDITIONS },
  Namespace: CONDITIONS,
  PersistentVolumeClaim: CONDITIONS,
  PodDisruptionBudget: { 'spec.selector': 'replace', ...CONDITIONS },
};

/** Names come from clients: what every object inherits is no rule. */
const ruleIn = (rules: Rules, path: string): MergeRule | null =>
  Object.hasOwn(rules, path) ? (rules[path] ?? null) : null;

/** The rule of a place in an object of a kind, with the names of fields joined by dots and no indices; null for none. */
export function mergeRule(kind: string, path: string): MergeRule | null {
  const [part, ...rest] = path.split('.');
  if (part === 'metadata') return ruleIn(METADATA, rest.join('.'));
  const rules = KINDS[kind];
  return rules === undefined ? null : ruleIn(rules, path);
}
