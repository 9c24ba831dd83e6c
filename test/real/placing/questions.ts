// What the scheduler and the console are both asked: pods made by chance, with all that decides where a pod may go.
import type { Random } from '../../../source/sandbox/random.ts';
import { roleKey } from '../seed/nodes.ts';
import { pick } from '../seed/quantities.ts';
import type { ClaimObject, PodObject, PodSpec, Requirement } from '../wire.ts';
import type { Host } from './nodes.ts';
import { container } from './pods.ts';
import { JUDGED } from './site.ts';
import { boundClaim, claimOf, CLASSES, type BoundClaim } from './volumes.ts';

/** A pod that is to be placed, and the claims that are made for it. */
export type Question = {
  readonly pod: PodObject;
  readonly claims: readonly ClaimObject[];
  readonly bound: readonly BoundClaim[];
};

type Claims = {
  readonly names: readonly string[];
  readonly claims: readonly ClaimObject[];
  readonly bound: readonly BoundClaim[];
};

const NO_CLAIMS: Claims = { names: [], claims: [], bound: [] };
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

const ROOMS: readonly ((random: Random) => Parameters<typeof container>[1])[] = [
  ...times(5, (random: Random) => ({
    cpu: pick(random, [100, 250, 700]),
    memory: pick(random, [64, 512, 1_500]),
    disk: 0,
  })),
  ...times(3, (random: Random) => ({
    cpu: pick(random, [1_500, 3_000, 6_000]),
    memory: pick(random, [2_000, 6_000]),
    disk: pick(random, [0, 10_000]),
  })),
  (random) => ({ cpu: 100, memory: pick(random, [12_000, 20_000, 28_000]), disk: 0 }),
  (random) => ({ cpu: 0, memory: 0, disk: pick(random, [20_000, 60_000, 150_000]) }),
  () => ({ cpu: 0, memory: 0, disk: 0 }),
  () => ({ cpu: 0, memory: 700, disk: 0 }),
  () => ({ cpu: 400, memory: 0, disk: 0 }),
  () => ({ cpu: 40_000, memory: 100, disk: 0 }),
];

const requirement = (key: string, operator: string, ...values: readonly string[]): Requirement => ({
  key,
  operator,
  ...(values.length > 0 && { values }),
});

/** Every operator, on labels that all nodes have, that some have, and that none has. */
const REQUIREMENTS: readonly ((random: Random) => Requirement)[] = [
  (random) => requirement('example.com/zone', 'In', ...pick(random, [['north'], ['south', 'west'], ['nowhere']])),
  (random) => requirement('example.com/zone', 'NotIn', ...pick(random, [['north'], ['south', 'west']])),
  (random) => requirement(pick(random, ['disk', 'dedicated', 'no-such-label']), 'Exists'),
  (random) => requirement(pick(random, ['disk', 'dedicated', roleKey('node')]), 'DoesNotExist'),
  () => requirement('disk', 'NotIn', 'hdd'),
  (random) => requirement('example.com/rack', 'Gt', String(random.between(1, 15))),
  (random) => requirement('example.com/rack', 'Lt', String(random.between(3, 20))),
  // Values that no label can have: the API takes them.
  () => requirement('example.com/rack', 'Gt', '-2'),
  () => requirement('disk', 'NotIn', 'not a value'),
  // Not a number on any node.
  () => requirement('example.com/zone', 'Gt', '3'),
];

type Terms = NonNullable<
  PodSpec['affinity']
>['nodeAffinity']['requiredDuringSchedulingIgnoredDuringExecution']['nodeSelectorTerms'];
const affinityTo = (...nodeSelectorTerms: Terms): Partial<PodSpec> => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});
const expressions = (random: Random, count: number): Requirement[] =>
  Array.from({ length: count }, () => pick(random, REQUIREMENTS)(random));

const BONDS: readonly ((random: Random, hosts: readonly Host[]) => Partial<PodSpec>)[] = [
  ...times(6, () => ({})),
  (random) => ({ nodeSelector: { disk: pick(random, ['ssd', 'hdd']) } }),
  (random) => ({ nodeSelector: { [roleKey(pick(random, ['infra', 'master', 'node', 'etcd']))]: '' } }),
  (random) => ({ nodeSelector: { disk: 'ssd', 'example.com/zone': pick(random, ['north', 'south', 'nowhere']) } }),
  ...times(4, (random: Random) => affinityTo({ matchExpressions: expressions(random, random.between(1, 2)) })),
  (random) => affinityTo({ matchExpressions: expressions(random, 2) }, { matchExpressions: expressions(random, 1) }),
  (random) => ({ nodeSelector: { disk: 'ssd' }, ...affinityTo({ matchExpressions: expressions(random, 1) }) }),
  (random, hosts) =>
    affinityTo({
      matchFields: [requirement('metadata.name', pick(random, ['In', 'NotIn']), pick(random, hosts).node.name)],
    }),
  (random, hosts) =>
    affinityTo(
      // A term without any requirement matches no node.
      {},
      {
        matchExpressions: expressions(random, 1),
        matchFields: [requirement('metadata.name', 'NotIn', pick(random, hosts).node.name)],
      },
    ),
];

const TOLERATIONS: readonly NonNullable<PodSpec['tolerations']>[] = [
  ...times<NonNullable<PodSpec['tolerations']>>(6, []),
  [{ operator: 'Exists' }],
  [{ key: 'dedicated', operator: 'Equal', value: 'database', effect: 'NoSchedule' }],
  [{ key: 'dedicated', value: 'another' }],
  [
    { key: roleKey('infra'), operator: 'Exists' },
    { key: roleKey('master'), operator: 'Exists', effect: 'NoSchedule' },
  ],
  [{ operator: 'Exists', effect: 'NoSchedule' }],
  [
    { key: 'node.kubernetes.io/unschedulable', operator: 'Exists' },
    { key: 'example.com/maintenance', operator: 'Exists', effect: 'NoExecute' },
  ],
];

const PORTS: readonly Partial<PodSpec['containers'][number]>[] = [
  ...times(7, {}),
  { ports: [{ containerPort: 80, hostPort: 8_443 }] },
  {
    ports: [
      { containerPort: 80, hostPort: 8_080, hostIP: '127.0.0.1' },
      { containerPort: 81, hostPort: 9_090 },
    ],
  },
];

const waiting = (name: string, asked: Partial<ClaimObject['spec']> & { readonly size: number }): Claims => ({
  names: [name],
  claims: [claimOf(JUDGED, name, { storageClassName: CLASSES.waits, ...asked })],
  bound: [],
});

const CLAIMS: readonly ((random: Random, name: string, hosts: readonly Host[]) => Claims)[] = [
  ...times(14, () => NO_CLAIMS),
  ...times(4, (random: Random, name: string) => waiting(name, { size: pick(random, [1, 5, 20]) })),
  (_, name) => waiting(name, { size: 500 }),
  (random, name) => waiting(name, { size: 1, selector: { matchLabels: { tier: pick(random, ['gold', 'silver']) } } }),
  (_, name) => waiting(name, { size: 1, selector: { matchExpressions: [requirement('tier', 'NotIn', 'gold')] } }),
  (_, name) => waiting(name, { size: 1, volumeMode: 'Block' }),
  (_, name) => waiting(name, { size: 1, accessModes: ['ReadOnlyMany'] }),
  (random, name) => {
    const [one, other] = [waiting(`${name}-a`, { size: 1 }), waiting(`${name}-b`, { size: pick(random, [1, 10]) })];
    return { names: [...one.names, ...other.names], claims: [...one.claims, ...other.claims], bound: [] };
  },
  (_, name) => waiting(name, { size: 1, storageClassName: CLASSES.atOnce }),
  (_, name) => ({ names: [name], claims: [claimOf(JUDGED, name, { size: 1 })], bound: [] }),
  (_, name) => waiting(name, { size: 1, volumeName: 'free-0' }),
  (_, name) => ({ names: [name], claims: [], bound: [] }),
  ...times(2, (random: Random, name: string, hosts: readonly Host[]) => {
    const bound = boundClaim(JUDGED, name, [pick(random, hosts).node.name, pick(random, hosts).node.name]);
    return { names: [name], claims: [], bound: [bound] };
  }),
  (_, name) => ({ names: [name], claims: [], bound: [boundClaim(JUDGED, name, null)] }),
];

/** A pod made by chance. */
export function question(random: Random, number: number, hosts: readonly Host[]): Question {
  const { names, claims, bound } = pick(random, CLAIMS)(random, `data-${number}`, hosts);
  const room = pick(random, ROOMS)(random);
  const pod: PodObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${number}`, namespace: JUDGED },
    spec: {
      containers: [{ ...container('app', room), ...pick(random, PORTS) }],
      ...pick(random, BONDS)(random, hosts),
      tolerations: pick(random, TOLERATIONS),
      ...(names.length > 0 && {
        volumes: names.map((claimName, at) => ({ name: `volume-${at}`, persistentVolumeClaim: { claimName } })),
      }),
    },
  };
  return { pod, claims, bound };
}

/** The same pod under another name, that goes to certain nodes alone (`In`), or to any other (`NotIn`). */
export function confined(
  { spec, metadata }: PodObject,
  name: string,
  operator: 'In' | 'NotIn',
  nodes: readonly string[],
): PodObject {
  const here = requirement('kubernetes.io/hostname', operator, ...nodes);
  const terms = spec.affinity?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms ?? [
    { matchExpressions: [] },
  ];
  const own = spec.affinity !== undefined;
  // A term that matches nothing still does.
  const confinedTerms = terms.map((term) =>
    own && term.matchExpressions === undefined && term.matchFields === undefined
      ? term
      : { ...term, matchExpressions: [...(term.matchExpressions ?? []), here] },
  );
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name },
    spec: { ...spec, ...affinityTo(...confinedTerms) },
  };
}

/** Pods of one size, and how many of them there are to be; in the console's words and as a pod. */
export type Sizing = {
  readonly words: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly pod: (name: string) => PodObject;
};

const SIZES: readonly ((random: Random) => Parameters<typeof container>[1])[] = [
  ...times(4, (random: Random) => ({ cpu: random.between(8, 40) * 100, memory: random.between(1, 8) * 512, disk: 0 })),
  ...times(2, (random: Random) => ({ cpu: random.between(2, 10) * 100, memory: random.between(6, 20) * 512, disk: 0 })),
  (random) => ({ cpu: 200, memory: 256, disk: random.between(10, 60) * 1_000 }),
  (random) => ({ cpu: random.between(20, 70) * 100, memory: 0, disk: 0 }),
  (random) => ({ cpu: 0, memory: random.between(4, 24) * 512, disk: 0 }),
  (random) => ({
    cpu: random.between(10, 40) * 100,
    memory: random.between(2, 8) * 1_000,
    disk: random.between(5, 30) * 1_000,
  }),
  () => ({ cpu: 15_700, memory: 0, disk: 0 }),
];
const SELECTORS: readonly Readonly<Record<string, string>>[] = [
  ...times(5, {}),
  { [roleKey('infra')]: '' },
  { [roleKey('node')]: '' },
  { disk: 'ssd' },
  { disk: 'hdd', 'example.com/zone': 'south' },
  { 'no-such-label': 'anywhere' },
];

/** A size made by chance. */
export function sizing(random: Random): Sizing {
  const room = pick(random, SIZES)(random);
  const selector = pick(random, SELECTORS);
  const asked = container('app', room);
  const words = Object.entries(asked.resources.requests ?? {})
    .map(([name, quantity]) => `${name}=${quantity}`)
    .join();
  return {
    words,
    selector,
    pod: (name) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: JUDGED },
      spec: { containers: [asked], nodeSelector: selector },
    }),
  };
}
