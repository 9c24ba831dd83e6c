import type { NodeEdit, StepResult } from '../../source/operations/operation.ts';
import type { Role } from '../../source/product/roles.ts';
import type { Api } from '../real/servers/api.ts';
import { beat, changeNode, deleteNode, recreateNode, type Editable } from './objects.ts';

const BOOTSTRAP = { key: 'node-role.kubernetes.io/bootstrap', effect: 'NoSchedule' };
export const SHOP = { key: 'dedicated', value: 'shop', effect: 'NoSchedule' };
export const OLD = { key: 'example.com/old', effect: 'NoExecute' };
export const HOST = { 'kubernetes.io/hostname': 'a' };

export const label = (set: Readonly<Record<string, string>>, ...remove: readonly string[]): NodeEdit => ({
  kind: 'label',
  set,
  remove,
});
export const taint = (
  add: Extract<NodeEdit, { kind: 'taint' }>['add'],
  remove: Extract<NodeEdit, { kind: 'taint' }>['remove'] = [],
  addNodeRole = false,
): NodeEdit => ({ kind: 'taint', add, remove, addNodeRole });
const role = (name: string) => `node-role.kubernetes.io/${name}`;
export const roles = (add: readonly Role[], remove: readonly Role[] = []): NodeEdit => ({
  kind: 'role',
  add,
  remove,
  taints: { mode: 'proposed' },
});
export const noTaint = (key: string, effect: string | null = null) => taint([], [{ key, effect }]);

type Edit = {
  readonly name: string;
  readonly node: Partial<Editable>;
  readonly edit: NodeEdit;
  readonly becomes: Partial<Editable>;
};

export const EDITS: readonly Edit[] = [
  {
    name: 'a label added',
    node: { labels: HOST },
    edit: label({ rack: 'b' }),
    becomes: { labels: { ...HOST, rack: 'b' } },
  },
  {
    name: 'a label added to a node without any',
    node: { labels: null },
    edit: label({ rack: 'b' }),
    becomes: { labels: { rack: 'b' } },
  },
  {
    name: 'a label changed',
    node: { labels: { rack: 'a' } },
    edit: label({ rack: 'b' }),
    becomes: { labels: { rack: 'b' } },
  },
  {
    name: 'a label without a value',
    node: { labels: HOST },
    edit: label({ 'node-role.kubernetes.io/infra': '' }),
    becomes: { labels: { ...HOST, 'node-role.kubernetes.io/infra': '' } },
  },
  {
    name: 'an empty label given a value',
    node: { labels: { rack: '' } },
    edit: label({ rack: 'b' }),
    becomes: { labels: { rack: 'b' } },
  },
  {
    name: 'the last label removed',
    node: { labels: { rack: 'a' } },
    edit: label({}, 'rack'),
    becomes: { labels: null },
  },
  {
    name: 'a key with "/" and "~" of a patch in it',
    node: { labels: { 'example.com/a': '1' } },
    edit: label({ 'example.com/b': '2' }, 'example.com/a'),
    becomes: { labels: { 'example.com/b': '2' } },
  },
  {
    name: 'several labels at once',
    node: { labels: { a: '1', b: '2', c: '3' } },
    edit: label({ a: '9', d: '4' }, 'b'),
    becomes: { labels: { a: '9', c: '3', d: '4' } },
  },
  { name: 'a first taint', node: { taints: null }, edit: taint([SHOP]), becomes: { taints: [SHOP] } },
  { name: 'a taint after others', node: { taints: [OLD] }, edit: taint([SHOP]), becomes: { taints: [OLD, SHOP] } },
  {
    name: 'another value of a taint',
    node: { taints: [OLD, SHOP] },
    edit: taint([{ ...SHOP, value: 'bank' }]),
    becomes: { taints: [OLD, { ...SHOP, value: 'bank' }] },
  },
  {
    name: 'a taint without a value',
    node: { taints: [SHOP] },
    edit: taint([{ ...SHOP, value: '' }]),
    becomes: { taints: [{ key: 'dedicated', effect: 'NoSchedule' }] },
  },
  {
    name: 'one of two taints removed',
    node: { taints: [OLD, SHOP] },
    edit: noTaint('dedicated', 'NoSchedule'),
    becomes: { taints: [OLD] },
  },
  {
    name: 'every effect of a key removed',
    node: { taints: [SHOP, { ...SHOP, effect: 'PreferNoSchedule' }] },
    edit: noTaint('dedicated'),
    becomes: { taints: null },
  },
  {
    name: 'the last taint removed, with the role that keeps it so',
    node: { labels: HOST, taints: [BOOTSTRAP] },
    edit: taint([], [BOOTSTRAP], true),
    becomes: { labels: { ...HOST, 'node-role.kubernetes.io/node': '' }, taints: null },
  },
  {
    name: 'a worker made an infra node',
    node: { labels: { ...HOST, [role('node')]: '' }, taints: [OLD] },
    edit: roles(['infra'], ['node']),
    becomes: { labels: { ...HOST, [role('infra')]: '' }, taints: [OLD, { key: role('infra'), effect: 'NoSchedule' }] },
  },
  {
    name: 'a control-plane node made a worker',
    node: {
      labels: { [role('master')]: '', [role('etcd')]: '' },
      taints: ['master', 'etcd'].map((name) => ({ key: role(name), effect: 'NoSchedule' })),
    },
    edit: roles(['node'], ['master', 'etcd']),
    becomes: { labels: { [role('node')]: '' }, taints: null },
  },
  {
    name: 'a first role of a node without any label',
    node: { labels: null },
    edit: roles(['etcd']),
    becomes: { labels: { [role('etcd')]: '' }, taints: [{ key: role('etcd'), effect: 'NoSchedule' }] },
  },
  { name: 'a cordon', node: {}, edit: { kind: 'cordon' }, becomes: { unschedulable: true } },
  { name: 'an uncordon', node: { unschedulable: true }, edit: { kind: 'uncordon' }, becomes: { unschedulable: null } },
];

/** What somebody else does between the plan and its confirmation, and how the edit ends then. */
type Meanwhile = {
  readonly name: string;
  readonly node?: Partial<Editable>;
  readonly edit: NodeEdit;
  readonly happens: (api: Api, node: string) => Promise<unknown>;
  readonly ends: StepResult['state'];
  readonly why?: string;
};
const setLabels = (labels: Readonly<Record<string, string | null>>) => (api: Api, node: string) =>
  changeNode(api, node, { metadata: { labels } });
const setTaints =
  (...taints: readonly object[]) =>
  (api: Api, node: string) =>
    changeNode(api, node, { spec: { taints } });

export const MEANWHILE: readonly Meanwhile[] = [
  { name: 'a heartbeat', node: { taints: [OLD] }, edit: taint([SHOP]), happens: beat, ends: 'done' },
  { name: 'another label', edit: label({ rack: 'b' }), happens: setLabels({ row: '7' }), ends: 'done' },
  { name: 'a label, while taints are edited', edit: taint([SHOP]), happens: setLabels({ row: '7' }), ends: 'done' },
  {
    name: 'an annotation',
    edit: { kind: 'cordon' },
    happens: (api, node) => changeNode(api, node, { metadata: { annotations: { a: 'b' } } }),
    ends: 'done',
  },
  {
    name: 'the same label',
    node: { labels: { rack: 'a' } },
    edit: label({ rack: 'b' }),
    happens: setLabels({ rack: 'c' }),
    ends: 'conflict',
    why: 'its label rack',
  },
  {
    name: 'the same label, from nothing',
    edit: label({ rack: 'b' }),
    happens: setLabels({ rack: 'c' }),
    ends: 'conflict',
    why: 'its label rack',
  },
  {
    name: 'the label gone that was to go',
    node: { labels: { rack: 'a', row: '7' } },
    edit: label({}, 'rack'),
    happens: setLabels({ rack: null }),
    ends: 'conflict',
    why: 'its label rack',
  },
  {
    name: 'a first label',
    node: { labels: null },
    edit: label({ rack: 'b' }),
    happens: setLabels({ row: '7' }),
    ends: 'conflict',
    why: 'labels',
  },
  {
    name: 'a role by which the taints were decided',
    edit: roles(['etcd']),
    happens: setLabels({ [role('infra')]: '' }),
    ends: 'conflict',
    why: `its label ${role('infra')}`,
  },
  {
    name: 'every label gone',
    node: { labels: { rack: 'a' } },
    edit: label({ rack: 'b' }),
    happens: setLabels({ rack: null }),
    ends: 'conflict',
    why: 'its label rack',
  },
  {
    name: 'a further taint',
    node: { taints: [OLD] },
    edit: noTaint(OLD.key),
    happens: setTaints(OLD, SHOP),
    ends: 'conflict',
    why: 'its taints',
  },
  {
    name: 'a first taint',
    node: { taints: null },
    edit: taint([SHOP]),
    happens: setTaints(OLD),
    ends: 'conflict',
    why: 'its taints',
  },
  {
    name: 'every taint gone',
    node: { taints: [OLD] },
    edit: taint([SHOP]),
    happens: setTaints(),
    ends: 'conflict',
    why: 'its taints',
  },
  {
    name: 'the cordon',
    edit: { kind: 'cordon' },
    happens: (api, node) => changeNode(api, node, { spec: { unschedulable: true } }),
    ends: 'conflict',
    why: 'its cordon',
  },
  {
    name: 'the node re-created',
    edit: { kind: 'cordon' },
    happens: recreateNode,
    ends: 'conflict',
    why: 're-created under the same name',
  },
  { name: 'the node deleted', edit: { kind: 'cordon' }, happens: deleteNode, ends: 'refused', why: 'not found' },
];
