import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CONDITION_TAINTS,
  otherTaints,
  roleMarks,
  rolesOf,
  taintMeaning,
  taintSource,
} from '../../source/product/node-roles.ts';
import { ROLES, roleLabel, type Role } from '../../source/product/roles.ts';
import { madeTaint } from '../model/kubernetes/node.ts';

const labelled = (roles: readonly string[], value = '') =>
  Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, value]));
const tainted = (roles: readonly string[], effect = 'NoSchedule') =>
  roles.map((role) => madeTaint(`node-role.kubernetes.io/${role}:${effect}`));

/** Machines of the guide's architectures, and what its diagrams show in their boxes. */
const GUIDE: [string, Role[], Role[], string][] = [
  ['right after bootstrap', ['bootstrap', 'master', 'etcd', 'infra'], ['bootstrap', 'infra'], 'BT M E IT'],
  ['standard, bootstrap', ['bootstrap', 'master', 'etcd'], ['bootstrap'], 'BT M E'],
  ['standard, control plane', ['master', 'etcd', 'infra'], ['infra'], 'M E IT'],
  ['standard, workload', [], [], ''],
  ['workload by label', ['node'], [], 'N'],
  ['extended, bootstrap', ['bootstrap'], ['bootstrap'], 'BT'],
  ['extended, control plane', ['master', 'etcd'], ['master', 'etcd'], 'MT ET'],
  ['extended, infra', ['infra'], ['infra'], 'IT'],
  ['compact', ['bootstrap', 'master', 'etcd', 'infra', 'node'], [], 'B M E I N'],
];

describe('marks', () => {
  test.each(GUIDE)('%s', (_, roles, taints, marks) => {
    const node = { labels: labelled(roles), taints: tainted(taints) };
    expect(rolesOf(node)).toEqual(roles);
    expect(roleMarks(node)).toBe(marks);
    expect(otherTaints(node)).toEqual([]);
  });

  test.each([
    ['no taints field', null, 'M', []],
    ['another effect', ['node-role.kubernetes.io/master:NoExecute'], 'M', ['node-role.kubernetes.io/master']],
    [
      'a role that the node lacks',
      ['node-role.kubernetes.io/infra:NoSchedule'],
      'M',
      ['node-role.kubernetes.io/infra'],
    ],
    [
      'two effects',
      ['node-role.kubernetes.io/master:NoSchedule', 'node-role.kubernetes.io/master:NoExecute'],
      'MT',
      ['node-role.kubernetes.io/master'],
    ],
    [
      'a role outside the product',
      ['node-role.kubernetes.io/control-plane:NoSchedule'],
      'M',
      ['node-role.kubernetes.io/control-plane'],
    ],
    [
      'a taint of the operator',
      ['dedicated=db:NoSchedule', 'node-role.kubernetes.io/master:NoSchedule'],
      'MT',
      ['dedicated'],
    ],
  ])('a master with %s', (_, taints, marks, others) => {
    const node = { labels: labelled(['master']), taints: taints?.map((text) => madeTaint(text)) ?? null };
    expect(roleMarks(node)).toBe(marks);
    expect(otherTaints(node).map(({ key }) => key)).toEqual(others);
  });

  test('the value of a role label does not matter', () => {
    expect(rolesOf({ labels: labelled(['etcd'], 'true') })).toEqual(['etcd']);
  });

  test('marks and other taints together tell every taint once', () => {
    const some = fc.subarray([...ROLES]);
    fc.assert(
      fc.property(some, some, fc.boolean(), (roles, taints, extra) => {
        const all = [...tainted(taints), ...(extra ? [madeTaint('x:NoSchedule')] : [])];
        const node = { labels: labelled(roles), taints: all };
        const told = roleMarks(node)
          .split('')
          .filter((letter) => letter === 'T').length;
        expect(told + otherTaints(node).length).toBe(all.length);
      }),
    );
  });
});

test.each([
  ['node.kubernetes.io/not-ready', 'condition'],
  ['node.kubernetes.io/unreachable', 'condition'],
  ['node.kubernetes.io/unschedulable', 'condition'],
  ['node.kubernetes.io/memory-pressure', 'condition'],
  ['node.kubernetes.io/disk-pressure', 'condition'],
  ['node.kubernetes.io/pid-pressure', 'condition'],
  ['node.kubernetes.io/network-unavailable', 'condition'],
  ['node.cloudprovider.kubernetes.io/uninitialized', 'condition'],
  ['node.cloudprovider.kubernetes.io/shutdown', 'condition'],
  ['node.kubernetes.io/out-of-service', 'operator'],
  ['node.kubernetes.io/anything', 'operator'],
  ['node-role.kubernetes.io/bootstrap', 'product'],
  ['node-role.kubernetes.io/infra', 'product'],
  ['node-role.kubernetes.io/control-plane', 'operator'],
  ['dedicated', 'operator'],
  ['constructor', 'operator'],
])('%s comes from the %s', (key, source) => {
  expect(taintSource({ key })).toBe(source);
});

test('what Kubernetes and the product set is explained, what others set is not', () => {
  for (const key of CONDITION_TAINTS.keys()) expect(taintMeaning({ key })).toMatch(/^[a-z].*[a-z]$/);
  for (const role of ROLES) expect(taintMeaning({ key: roleLabel(role) })).toContain(role);
  expect(taintMeaning({ key: 'dedicated' })).toBeNull();
  expect(taintMeaning({ key: 'constructor' })).toBeNull();
});
