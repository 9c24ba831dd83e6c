import { describe, expect, it } from 'vitest';
import type { Container, Node, Pod, PodSpec, Requirement, Taint, Toleration } from '../../../source/sandbox/wire.ts';
import { manualClock } from '../../../source/sandbox/clock.ts';
import { choose, type Choice } from '../../../source/sandbox/world/scheduling/choose.ts';
import { add, demandOf, nothing } from '../../../source/sandbox/world/scheduling/demand.ts';
import { isWanted, selects } from '../../../source/sandbox/world/scheduling/selection.ts';
import { covers } from '../../../source/sandbox/world/scheduling/taints.ts';
import type { Storage } from '../../../source/sandbox/world/scheduling/volumes.ts';
import { Collection, Revisions } from '../../../source/sandbox/world/store.ts';

const metadata = (name: string, labels: Record<string, string> = {}) => ({
  name,
  uid: name,
  resourceVersion: '1',
  creationTimestamp: '2026-01-31T12:00:00Z',
  labels,
});

type NodeTraits = {
  labels?: Record<string, string>;
  taints?: Taint[];
  cordoned?: boolean;
  allocatable?: Record<string, string>;
};

function node(name: string, { labels = {}, taints, cordoned, allocatable }: NodeTraits = {}): Node {
  return {
    metadata: metadata(name, labels),
    spec: { ...(taints && { taints }), ...(cordoned && { unschedulable: true }) },
    status: {
      allocatable: allocatable ?? { cpu: '4', memory: '8Gi', 'ephemeral-storage': '100Gi', pods: '110' },
    } as unknown as Node['status'],
  };
}

const container = (requests: Record<string, string> = {}, extra: Partial<Container> = {}): Container =>
  ({ name: 'c', image: 'i', resources: { requests }, ...extra }) as Container;

function pod(spec: Partial<PodSpec>): Pod {
  return {
    metadata: { ...metadata('p'), namespace: 'default' },
    spec: { containers: [container()], schedulerName: 'default-scheduler', ...spec } as PodSpec,
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
}

const collection = (): Collection => new Collection(new Revisions(0), manualClock());
const emptyStorage = (): Storage =>
  ({ volumes: collection(), claims: collection(), classes: collection() }) as unknown as Storage;

/** What is chosen for a pod where other pods are already there. */
function chosen(candidate: Pod, nodes: readonly Node[], there: Readonly<Record<string, readonly Pod[]>> = {}): Choice {
  const podsOn = ({ metadata: { name } }: Node): readonly Pod[] => there[name] ?? [];
  const used = (on: Node) => {
    const sum = nothing();
    for (const each of podsOn(on)) add(sum, demandOf(each), 1);
    return sum;
  };
  return choose(candidate, nodes, { used, podsOn, storage: emptyStorage() });
}
const nameOf = (choice: Choice): string | null => ('node' in choice ? choice.node.metadata.name : null);
const whyOf = (choice: Choice): string => ('why' in choice ? choice.why : '');

describe('what a pod asks for', () => {
  const always = { restartPolicy: 'Always' } as const;
  const cases: [what: string, spec: Partial<PodSpec>, millicores: number][] = [
    ['nothing', {}, 0],
    ['containers together', { containers: [container({ cpu: '1' }), container({ cpu: '250m' })] }, 1250],
    [
      'an init container that asks for more than all of them',
      { initContainers: [container({ cpu: '3' })], containers: [container({ cpu: '1' }), container({ cpu: '1' })] },
      3000,
    ],
    [
      'a sidecar beside the containers',
      { initContainers: [container({ cpu: '500m' }, always)], containers: [container({ cpu: '1' })] },
      1500,
    ],
    [
      'an init container beside a sidecar that was started before it',
      {
        initContainers: [container({ cpu: '500m' }, always), container({ cpu: '2' })],
        containers: [container({ cpu: '1' })],
      },
      2500,
    ],
    [
      'an init container that has gone when a later sidecar starts',
      {
        initContainers: [container({ cpu: '2' }), container({ cpu: '500m' }, always)],
        containers: [container({ cpu: '1' })],
      },
      2000,
    ],
    ['the overhead on top', { containers: [container({ cpu: '1' })], overhead: { cpu: '50m' } }, 1050],
  ];
  it.each(cases)('%s', (_, spec, wanted) => expect(demandOf(pod(spec)).cpu).toBe(wanted));

  it('of what is not asked for, something usual is counted to spread pods by, container by container', () => {
    const { usual, memory } = demandOf(pod({ containers: [container({ memory: '1Gi' }), container()] }));
    expect([usual.cpu, usual.memory, memory]).toEqual([200, 2 ** 30 + 200 * 2 ** 20, 2 ** 30]);
  });
});

describe('the nodes that a pod may be on', () => {
  const there = node('n1', { labels: { zone: 'a', cores: '16', constructorless: '' } });
  const requires = (...terms: { labels?: Requirement[]; fields?: Requirement[] }[]): Partial<PodSpec> => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: terms.map(({ labels, fields }) => ({
            ...(labels && { matchExpressions: labels }),
            ...(fields && { matchFields: fields }),
          })),
        },
      },
    },
  });
  const meets = (key: string, operator: string, ...values: string[]): Partial<PodSpec> =>
    requires({ labels: [{ key, operator: operator as Requirement['operator'], values }] });
  const cases: [what: string, spec: Partial<PodSpec>, wanted: boolean][] = [
    ['no wish', {}, true],
    ['a selector that matches', { nodeSelector: { zone: 'a' } }, true],
    ['a selector with another value', { nodeSelector: { zone: 'b' } }, false],
    ['In', meets('zone', 'In', 'b', 'a'), true],
    ['In, not there', meets('rack', 'In', 'a'), false],
    ['NotIn', meets('zone', 'NotIn', 'a'), false],
    ['NotIn, not there', meets('rack', 'NotIn', 'a'), true],
    ['Exists', meets('zone', 'Exists'), true],
    ['Exists, a name that every object inherits', meets('constructor', 'Exists'), false],
    ['DoesNotExist', meets('zone', 'DoesNotExist'), false],
    ['Gt', meets('cores', 'Gt', '8'), true],
    ['Gt, equal', meets('cores', 'Gt', '16'), false],
    ['Lt', meets('cores', 'Lt', '17'), true],
    ['Lt of a word', meets('zone', 'Lt', '17'), false],
    ['an operator that there is not', meets('zone', 'toString'), false],
    ['a field', requires({ fields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }), true],
    [
      'a field of another node',
      requires({ fields: [{ key: 'metadata.name', operator: 'In', values: ['n2'] }] }),
      false,
    ],
    ['no term', requires(), false],
    ['an empty term', requires({}), false],
    [
      'the second of two terms',
      requires(
        { labels: [{ key: 'zone', operator: 'In', values: ['b'] }] },
        { labels: [{ key: 'zone', operator: 'Exists' }] },
      ),
      true,
    ],
    ['both a selector and an affinity', { nodeSelector: { zone: 'b' }, ...meets('zone', 'Exists') }, false],
  ];
  it.each(cases)('%s', (_, spec, wanted) => expect(isWanted(pod(spec).spec, there)).toBe(wanted));

  it('by labels of anything: an empty selector takes all', () => {
    expect(selects({}, undefined)).toBe(true);
    expect(selects({ matchLabels: { app: 'a' } }, { app: 'a', tier: 'b' })).toBe(true);
    expect(selects({ matchLabels: { app: 'a' } }, {})).toBe(false);
  });
});

describe('tolerations', () => {
  const taint: Taint = { key: 'role', value: 'infra', effect: 'NoSchedule' };
  const cases: [toleration: Toleration, wanted: boolean][] = [
    [{ key: 'role', operator: 'Exists' }, true],
    [{ key: 'role', value: 'infra' }, true],
    [{ key: 'role', value: 'other' }, false],
    [{ key: 'role' }, false],
    [{ operator: 'Exists' }, true],
    [{ key: 'role', operator: 'Exists', effect: '' }, true],
    [{ operator: 'Exists', effect: 'NoExecute' }, false],
    [{ key: 'other', operator: 'Exists' }, false],
  ];
  it.each(cases)('%o covers: %s', (toleration, wanted) => expect(covers(toleration, taint)).toBe(wanted));
});

describe('the node that is chosen', () => {
  const big = container({ cpu: '3', memory: '1Gi' });

  it('is the one that is left the freest', () => {
    const nodes = [node('full'), node('free')];
    expect(nameOf(chosen(pod({}), nodes, { full: [pod({ containers: [big] })] }))).toBe('free');
  });

  it('keeps CPU and memory even', () => {
    const there = {
      skewed: [pod({ containers: [container({ cpu: '2' })] })],
      other: [pod({ containers: [container({ memory: '4Gi' })] })],
    };
    const candidate = pod({ containers: [container({ memory: '3Gi', cpu: '100m' })] });
    expect(nameOf(chosen(candidate, [node('other'), node('skewed')], there))).toBe('skewed');
  });

  it('is one without a taint that would rather not have the pod, even when it is fuller', () => {
    const shy = node('shy', { taints: [{ key: 'spare', effect: 'PreferNoSchedule' }] });
    const nodes = [shy, node('full')];
    const there = { full: [pod({ containers: [big] })] };
    expect(nameOf(chosen(pod({}), nodes, there))).toBe('full');
    expect(nameOf(chosen(pod({ tolerations: [{ operator: 'Exists' }] }), nodes, there))).toBe('shy');
  });

  it('takes what exactly fits, whatever floating point makes of it', () => {
    const tenths = Array.from({ length: 3 }, () => container({ cpu: '0.1' }));
    const small = node('small', { allocatable: { cpu: '300m', memory: '1Gi', pods: '1' } });
    expect(nameOf(chosen(pod({ containers: tenths }), [small]))).toBe('small');
  });
});

describe('the sentence of the scheduler', () => {
  const infra: Taint = { key: 'node-role.kubernetes.io/infra', effect: 'NoSchedule' };
  const port = (hostPort: number, hostIP?: string): PodSpec['containers'] => [
    container({}, { ports: [{ containerPort: hostPort, hostPort, ...(hostIP === undefined ? {} : { hostIP }) }] }),
  ];

  it('counts the reasons of all nodes, those of one node too, and tells where preemption cannot help', () => {
    const nodes = [
      node('tainted', { taints: [infra] }),
      node('cordoned', { cordoned: true, taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] }),
      node('elsewhere', { labels: { zone: 'b' } }),
      node('full', { labels: { zone: 'a' } }),
      node('short', { labels: { zone: 'a' } }),
    ];
    const wide = pod({ containers: [container({ cpu: '4', memory: '8Gi' })] });
    const candidate = pod({ nodeSelector: { zone: 'a' }, containers: [container({ cpu: '2', memory: '1Gi' })] });
    const why = whyOf(
      chosen(candidate, nodes, { full: [wide], short: [pod({ containers: [container({ cpu: '3' })] })] }),
    );
    expect(why).toBe(
      "0/5 nodes are available: 1 Insufficient memory, 1 node(s) didn't match Pod's node affinity/selector, " +
        '1 node(s) had untolerated taint {node-role.kubernetes.io/infra: }, 1 node(s) were unschedulable, 2 Insufficient cpu. ' +
        'preemption: 0/5 nodes are available: 2 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.',
    );
  });

  const one = (spec: Partial<PodSpec>, traits: NodeTraits = {}, there: Partial<PodSpec>[] = []): string =>
    /^0\/1 nodes are available: (?:1 )?(.*?)\. preemption/.exec(
      whyOf(chosen(pod(spec), [node('n', traits)], { n: there.map(pod) })),
    )?.[1] ?? '';
  const cases: [what: string, why: string, told: string][] = [
    ['a cordon', one({}, { cordoned: true }), 'node(s) were unschedulable'],
    ['places', one({}, { allocatable: { cpu: '1', memory: '1Gi', pods: '1' } }, [{}]), 'Too many pods'],
    [
      'scratch space',
      one({ containers: [container({ 'ephemeral-storage': '200Gi' })] }),
      'Insufficient ephemeral-storage',
    ],
    ['a device', one({ containers: [container({ 'example.com/card': '1' })] }), 'Insufficient example.com/card'],
    [
      'a device that is taken',
      one(
        { containers: [container({ 'example.com/card': '1' })] },
        { allocatable: { cpu: '1', memory: '1Gi', pods: '9', 'example.com/card': '1' } },
        [{ containers: [container({ 'example.com/card': '1' })] }],
      ),
      'Insufficient example.com/card',
    ],
    [
      'a port',
      one({ containers: port(80) }, {}, [{ containers: port(80, '10.0.0.1') }]),
      "node(s) didn't have free ports for the requested pod ports",
    ],
    ['a node that offers nothing', one({}, { allocatable: {} }), 'Too many pods'],
    [
      'a claim that is not there',
      one({ volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'gone' } }] }),
      'persistentvolumeclaim "gone" not found',
    ],
  ];
  it.each(cases)('names %s', (_, why, told) => expect(why).toBe(told));

  it('lets pods side by side whose ports differ in address or protocol', () => {
    expect(one({ containers: port(80, '10.0.0.2') }, {}, [{ containers: port(80, '10.0.0.1') }])).toBe('');
    const udp = [container({}, { ports: [{ containerPort: 80, hostPort: 80, protocol: 'UDP' }] })];
    expect(one({ containers: udp }, {}, [{ containers: port(80) }])).toBe('');
  });

  it('lets a pod onto a cordoned node that tolerates the taint of it', () => {
    expect(one({ tolerations: [{ operator: 'Exists' }] }, { cordoned: true })).toBe('');
  });

  it('says that a pod may not preempt', () => {
    const why = whyOf(chosen(pod({ preemptionPolicy: 'Never' }), [node('n', { cordoned: true })]));
    expect(why).toContain('unschedulable. preemption: not eligible due to preemptionPolicy=Never.');
  });

  it('says that there are no nodes', () => {
    expect(whyOf(chosen(pod({}), []))).toBe('no nodes available to schedule pods');
  });
});
