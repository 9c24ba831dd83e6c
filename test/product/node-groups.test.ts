import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { groupOf, planesServed, type NodeGroup, type Plane } from '../../source/product/node-groups.ts';
import { ROLES, roleLabel, TAINTED_ROLES, type Role } from '../../source/product/roles.ts';
import { madeTaint } from '../model/kubernetes/node.ts';

const words = (text: string): Role[] => ROLES.filter((role) => text.split(' ').includes(role));
const node = (roles: readonly Role[], taints: readonly string[] = []) => ({
  labels: Object.fromEntries(roles.map((role) => [roleLabel(role), ''])),
  taints: taints.map((text) => madeTaint(text)),
});

test.each<[string, NodeGroup]>([
  ['bootstrap', 'control-plane'],
  ['bootstrap infra node', 'control-plane'],
  ['master etcd', 'control-plane'],
  ['etcd', 'control-plane'],
  ['master infra', 'control-plane'],
  ['infra', 'infra'],
  ['infra node', 'infra'],
  ['node', 'workload'],
  ['', 'workload'],
])('a node with the roles "%s" counts in %s', (roles, group) => {
  expect(groupOf(words(roles))).toBe(group);
});

test.each<[string, string, string[], readonly Plane[]]>([
  ['a worker', 'node', [], ['workload']],
  ['a node without roles', '', [], ['workload']],
  ['the bootstrap node as it is made', 'bootstrap master etcd infra', ['bootstrap', 'infra'], ['control']],
  ['the same with its taints removed', 'bootstrap master etcd infra node', [], ['control', 'workload']],
  ['a control plane for itself', 'master etcd', ['master', 'etcd'], ['control']],
  ['infra that takes workloads', 'infra', [], ['control', 'workload']],
])('%s serves %s', (_, roles, taints, planes) => {
  const tainted = taints.map((role) => `node-role.kubernetes.io/${role}:NoSchedule`);
  expect(planesServed(node(words(roles), tainted))).toEqual(planes);
});

it('a taint that is none of a role keeps no plane away', () => {
  expect(planesServed(node(['node'], ['dedicated=shop:NoSchedule']))).toEqual(['workload']);
  expect(planesServed(node(['infra'], [`${roleLabel('infra')}:PreferNoSchedule`]))).toEqual(['control', 'workload']);
});

it('every node serves a plane', () => {
  fc.assert(
    fc.property(fc.subarray([...ROLES]), fc.subarray([...TAINTED_ROLES]), (roles, tainted) => {
      const taints = tainted.map((role) => `${roleLabel(role)}:NoSchedule`);
      expect(planesServed(node(roles, taints)).length).toBeGreaterThan(0);
    }),
  );
});
