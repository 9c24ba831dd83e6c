import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { proposedTaints } from '../../source/product/role-taints.ts';
import { ROLES, roleLabel, type Role } from '../../source/product/roles.ts';

const words = (text: string): Role[] => ROLES.filter((role) => text.split(' ').includes(role));
const node = (roles: readonly Role[], taints: readonly Role[] = []) => ({
  labels: Object.fromEntries(roles.map((role) => [roleLabel(role), ''])),
  taints: taints.map((role) => ({ key: roleLabel(role), value: '', effect: 'NoSchedule', timeAdded: null })),
});

// Control plane, workload plane and infra as the web UI combines them, and etcd alone, which only the command line sets.
test.each<[string, string, string]>([
  ['control plane', 'master etcd', 'master etcd'],
  ['workload plane', 'node', ''],
  ['infra', 'infra', 'infra'],
  ['control and workload plane', 'etcd master node', ''],
  ['control plane and infra', 'etcd master infra', 'infra'],
  ['etcd alone', 'etcd', 'etcd'],
])('%s: %s carries the taints %s when it is for its roles alone', (_, roles, taints) => {
  for (const before of [node([]), node(words(roles)), node(['node']), node(['infra'], ['infra'])])
    expect(proposedTaints(before, words(roles), 'dedicated')).toEqual({ roles: words(taints) });
});

describe('of two ways', () => {
  test.each<[string, ReturnType<typeof node>, string, string]>([
    ['a node without roles takes workloads, and goes on', node([]), 'infra', ''],
    [
      'a control-plane node that takes workloads goes on',
      node(['master', 'etcd', 'node']),
      'etcd master infra node',
      '-',
    ],
    ['one that loses the role node does not', node(['node']), 'infra', 'infra'],
    ['nor in the control plane', node(['master', 'etcd', 'node']), 'etcd master infra', 'infra'],
    [
      'one with the taint of a role takes none',
      node(['etcd', 'master'], ['etcd', 'master']),
      'etcd master infra',
      'infra',
    ],
    ['one shared for infra stays so', node(['infra']), 'etcd master infra', ''],
    ['one that was dedicated to infra stays so', node(['infra'], ['infra']), 'etcd master infra', 'infra'],
    [
      'another taint says nothing of roles',
      {
        ...node(['etcd', 'master', 'infra']),
        taints: [{ key: 'dedicated', value: 'shop', effect: 'NoSchedule', timeAdded: null }],
      },
      'infra',
      '',
    ],
  ])('%s', (_, before, roles, taints) => {
    const wanted = taints === '-' ? null : { roles: words(taints) };
    expect(proposedTaints(before, words(roles), 'proposed')).toEqual(wanted);
  });
});

test.each(['', 'master', 'infra node', 'etcd infra', 'master etcd infra node', 'bootstrap', 'bootstrap master etcd'])(
  'of the set "%s" nothing is known',
  (roles) => {
    for (const mode of ['proposed', 'dedicated'] as const)
      expect(proposedTaints(node([]), words(roles), mode)).toBeNull();
  },
);

it('goes by the set and not by its order, and knows no set with bootstrap', () => {
  const anySet = fc.subarray([...ROLES]);
  fc.assert(
    fc.property(anySet, anySet, anySet, fc.constantFrom('proposed', 'dedicated'), (before, tainted, roles, mode) => {
      const given = node(before, tainted);
      const proposed = proposedTaints(given, roles, mode);
      expect(proposedTaints(given, roles.toReversed(), mode)).toEqual(proposed);
      if (roles.includes('bootstrap')) expect(proposed).toBeNull();
      for (const role of proposed?.roles ?? []) expect(roles).toContain(role);
    }),
  );
});
