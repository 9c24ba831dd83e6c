import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isReady, nodeStatus, SEVERITIES } from '../../../source/model/kubernetes/node-status.ts';
import type { ClusterNode } from '../../../source/model/kubernetes/node.ts';
import { madeCondition, madeNode, madeTaint } from './node.ts';

const ready = madeCondition('Ready', 'True');
const notReady = madeCondition('Ready', 'False');
const lost = madeCondition('Ready', 'Unknown', { reason: 'NodeStatusUnknown' });
const calm = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'].map((type) =>
  madeCondition(type, 'False'),
);

const CASES: [string, Partial<ClusterNode>, string[], string][] = [
  ['no condition at all', {}, ['NeverRegistered'], 'unknown'],
  ['conditions without Ready', { conditions: calm }, ['Unknown'], 'critical'],
  ['ready', { conditions: [...calm, ready] }, ['Ready'], 'normal'],
  ['not ready', { conditions: [...calm, notReady] }, ['NotReady'], 'critical'],
  ['the kubelet is lost', { conditions: [lost] }, ['Unknown'], 'critical'],
  ['a status of Ready that nobody knows', { conditions: [madeCondition('Ready', 'Maybe')] }, ['Unknown'], 'critical'],
  ['cordoned and ready', { conditions: [ready], cordoned: true }, ['Cordoned', 'Ready'], 'intent'],
  [
    'cordoned does not hide not ready',
    { conditions: [notReady], cordoned: true },
    ['NotReady', 'Cordoned'],
    'critical',
  ],
  ['cordoned before it joined', { cordoned: true }, ['NeverRegistered', 'Cordoned'], 'unknown'],
  ['deleting', { conditions: [ready], deleting: true }, ['Deleting', 'Ready'], 'intent'],
  [
    'pressures',
    { conditions: [ready, madeCondition('DiskPressure', 'True'), madeCondition('MemoryPressure', 'True')] },
    ['DiskPressure', 'MemoryPressure', 'Ready'],
    'warning',
  ],
  [
    'a condition that a tool invented',
    { conditions: [madeCondition('KernelDeadlock', 'True'), ready] },
    ['KernelDeadlock', 'Ready'],
    'warning',
  ],
  [
    'a pressure that is Unknown says nothing of its own',
    { conditions: [lost, madeCondition('DiskPressure', 'Unknown')] },
    ['Unknown'],
    'critical',
  ],
  [
    'everything at once',
    { conditions: [madeCondition('PIDPressure', 'True'), notReady], cordoned: true, deleting: true },
    ['NotReady', 'PIDPressure', 'Deleting', 'Cordoned'],
    'critical',
  ],
];

test.each(CASES)('%s', (_, parts, names, worst) => {
  const flags = nodeStatus(madeNode(parts));
  expect(flags.map(({ name }) => name)).toEqual(names);
  expect(flags[0]?.severity).toBe(worst);
});

test.each(['constructor', 'toString', '__proto__', ''])(
  'a status of Ready that is %j is one that nobody knows',
  (status) => {
    const [flag] = nodeStatus(madeNode({ conditions: [madeCondition('Ready', status)] }));
    expect(flag).toEqual({ name: 'Unknown', since: 2000, reason: 'ReadyReason', severity: 'critical' });
  },
);

test('since and reason are those of the condition', () => {
  expect(
    nodeStatus(madeNode({ conditions: [madeCondition('Ready', 'False', { since: 42, reason: 'KubeletDown' })] })),
  ).toEqual([{ name: 'NotReady', since: 42, reason: 'KubeletDown', severity: 'critical' }]);
});

test('a node that never registered is so since it was created', () => {
  expect(nodeStatus(madeNode({ createdAt: 77 }))[0]?.since).toBe(77);
});

test.each([
  [null, null],
  [[], null],
  [[madeTaint('node.kubernetes.io/unschedulable:NoSchedule')], null],
  [[madeTaint('node.kubernetes.io/unschedulable:NoSchedule', 'yesterday')], null],
  [[madeTaint('other:NoSchedule', '2026-01-31T12:00:00Z')], null],
  [[madeTaint('node.kubernetes.io/unschedulable:NoSchedule', '2026-01-31T12:00:00Z')], Date.UTC(2026, 0, 31, 12)],
])('cordoned with taints %j since %s', (taints, since) => {
  const flags = nodeStatus(madeNode({ conditions: [ready], cordoned: true, taints }));
  expect(flags.find(({ name }) => name === 'Cordoned')?.since).toBe(since);
});

test.each([
  [[ready], true],
  [[notReady], false],
  [[lost], false],
  [calm, false],
  [[], false],
])('isReady %#', (conditions, expected) => {
  expect(isReady(madeNode({ conditions, cordoned: true }))).toBe(expected);
});

test('the worst comes first, readiness is always told once, nothing hides anything', () => {
  const condition = fc
    .tuple(
      fc.constantFrom('Ready', 'MemoryPressure', 'DiskPressure', 'Odd'),
      fc.constantFrom('True', 'False', 'Unknown'),
    )
    .map(([type, status]) => madeCondition(type, status));
  fc.assert(
    fc.property(
      fc.uniqueArray(condition, { selector: ({ type }) => type }),
      fc.boolean(),
      fc.boolean(),
      (conditions, cordoned, deleting) => {
        const flags = nodeStatus(madeNode({ conditions, cordoned, deleting }));
        const order = flags.map(({ severity }) => SEVERITIES.indexOf(severity));
        expect(order).toEqual(order.toSorted((one, other) => one - other));
        const names = flags.map(({ name }) => name);
        expect(names.filter((name) => ['Ready', 'NotReady', 'Unknown', 'NeverRegistered'].includes(name))).toHaveLength(
          1,
        );
        expect(names.includes('Cordoned')).toBe(cordoned);
        expect(names.includes('Deleting')).toBe(deleting);
        for (const { type, status } of conditions)
          if (type !== 'Ready') expect(names.includes(type)).toBe(status === 'True');
      },
    ),
  );
});
