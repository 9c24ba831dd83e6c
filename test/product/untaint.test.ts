import { expect, test } from 'vitest';
import { KEEPS_UNTAINTED, returningTaints, returnsWithBootstrap } from '../../source/product/untaint.ts';
import { madeTaint } from '../model/kubernetes/node.ts';

const role = (name: string) => `node-role.kubernetes.io/${name}`;
const BOTH = [`${role('bootstrap')}:NoSchedule`, `${role('infra')}:NoSchedule`];

const CASES: [string, string[], string[], string[], string[]][] = [
  ['both taints of the bootstrap node', ['bootstrap', 'infra'], BOTH, BOTH, BOTH],
  ['one of them', ['bootstrap', 'infra'], BOTH, [BOTH[1] ?? ''], [BOTH[1] ?? '']],
  ['not with the node role', ['bootstrap', 'infra', 'node'], BOTH, BOTH, []],
  ['not on another node', ['master', 'infra'], BOTH, BOTH, []],
  ['not other taints', ['bootstrap'], ['dedicated:NoSchedule'], ['dedicated:NoSchedule'], []],
  ['not the taints of other roles', ['bootstrap'], [`${role('etcd')}:NoSchedule`], [`${role('etcd')}:NoSchedule`], []],
  ['not another effect', ['bootstrap'], [`${role('infra')}:NoExecute`], [`${role('infra')}:NoExecute`], []],
  [
    'not where a taint of the same key stays',
    ['bootstrap'],
    [...BOTH, `${role('infra')}:NoExecute`],
    BOTH,
    [BOTH[0] ?? ''],
  ],
  [
    'but where all taints of the key go',
    ['bootstrap'],
    [...BOTH, `${role('infra')}:NoExecute`],
    [...BOTH, `${role('infra')}:NoExecute`],
    BOTH,
  ],
  ['nothing removed', ['bootstrap'], BOTH, [], []],
];

test.each(CASES)('%s', (_, roles, has, removed, back) => {
  const node = {
    labels: Object.fromEntries(roles.map((name) => [role(name), ''])),
    taints: has.map((text) => madeTaint(text)),
  };
  expect(
    returningTaints(
      node,
      removed.map((text) => madeTaint(text)),
    ),
  ).toEqual(back.map((text) => madeTaint(text)));
  expect(
    returnsWithBootstrap(
      node,
      removed.map((text) => madeTaint(text)),
    ),
  ).toBe(back.length > 0);
});

test('a node without a list of taints', () => {
  expect(returnsWithBootstrap({ labels: { [role('bootstrap')]: '' }, taints: null }, [])).toBe(false);
});

test('the label that prevents it is the workload role', () => {
  expect(KEEPS_UNTAINTED).toBe(role('node'));
});
