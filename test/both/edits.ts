import { describe, expect, test } from 'vitest';
import type { NodeEdit, PatchOperation, StepResult } from '../../source/operations/operation.ts';
import type { Api } from '../real/servers/api.ts';
import type { Given } from './cluster.ts';
import { until } from '../session/boxed.ts';
import {
  beat,
  changeNode,
  deleteNode,
  editableOf,
  makeNode,
  editableIfThere,
  nodeObject,
  recreateNode,
  type Editable,
} from './objects.ts';
import { openForEdit, openLive, openUnasked, optionsFor } from './session.ts';

const BOOTSTRAP = { key: 'node-role.kubernetes.io/bootstrap', effect: 'NoSchedule' };
const SHOP = { key: 'dedicated', value: 'shop', effect: 'NoSchedule' };
const OLD = { key: 'example.com/old', effect: 'NoExecute' };
const HOST = { 'kubernetes.io/hostname': 'a' };

const label = (set: Readonly<Record<string, string>>, ...remove: readonly string[]): NodeEdit => ({
  kind: 'label',
  set,
  remove,
});
const taint = (
  add: Extract<NodeEdit, { kind: 'taint' }>['add'],
  remove: Extract<NodeEdit, { kind: 'taint' }>['remove'] = [],
  addNodeRole = false,
): NodeEdit => ({ kind: 'taint', add, remove, addNodeRole });
const noTaint = (key: string, effect: string | null = null) => taint([], [{ key, effect }]);

type Edit = {
  readonly name: string;
  readonly node: Partial<Editable>;
  readonly edit: NodeEdit;
  readonly becomes: Partial<Editable>;
};

const EDITS: readonly Edit[] = [
  { name: 'a label added', node: { labels: HOST }, edit: label({ rack: 'b' }), becomes: { labels: { ...HOST, rack: 'b' } } },
  { name: 'a label added to a node without any', node: { labels: null }, edit: label({ rack: 'b' }), becomes: { labels: { rack: 'b' } } },
  { name: 'a label changed', node: { labels: { rack: 'a' } }, edit: label({ rack: 'b' }), becomes: { labels: { rack: 'b' } } },
  { name: 'a label without a value', node: { labels: HOST }, edit: label({ 'node-role.kubernetes.io/infra': '' }), becomes: { labels: { ...HOST, 'node-role.kubernetes.io/infra': '' } } },
  { name: 'an empty label given a value', node: { labels: { rack: '' } }, edit: label({ rack: 'b' }), becomes: { labels: { rack: 'b' } } },
  { name: 'the last label removed', node: { labels: { rack: 'a' } }, edit: label({}, 'rack'), becomes: { labels: null } },
  { name: 'a key with "/" and "~" of a patch in it', node: { labels: { 'example.com/a': '1' } }, edit: label({ 'example.com/b': '2' }, 'example.com/a'), becomes: { labels: { 'example.com/b': '2' } } },
  { name: 'several labels at once', node: { labels: { a: '1', b: '2', c: '3' } }, edit: label({ a: '9', d: '4' }, 'b'), becomes: { labels: { a: '9', c: '3', d: '4' } } },
  { name: 'a first taint', node: { taints: null }, edit: taint([SHOP]), becomes: { taints: [SHOP] } },
  { name: 'a taint after others', node: { taints: [OLD] }, edit: taint([SHOP]), becomes: { taints: [OLD, SHOP] } },
  { name: 'another value of a taint', node: { taints: [OLD, SHOP] }, edit: taint([{ ...SHOP, value: 'bank' }]), becomes: { taints: [OLD, { ...SHOP, value: 'bank' }] } },
  { name: 'a taint without a value', node: { taints: [SHOP] }, edit: taint([{ ...SHOP, value: '' }]), becomes: { taints: [{ key: 'dedicated', effect: 'NoSchedule' }] } },
  { name: 'one of two taints removed', node: { taints: [OLD, SHOP] }, edit: noTaint('dedicated', 'NoSchedule'), becomes: { taints: [OLD] } },
  { name: 'every effect of a key removed', node: { taints: [SHOP, { ...SHOP, effect: 'PreferNoSchedule' }] }, edit: noTaint('dedicated'), becomes: { taints: null } },
  { name: 'the last taint removed, with the role that keeps it so', node: { labels: HOST, taints: [BOOTSTRAP] }, edit: taint([], [BOOTSTRAP], true), becomes: { labels: { ...HOST, 'node-role.kubernetes.io/node': '' }, taints: null } },
  { name: 'a cordon', node: {}, edit: { kind: 'cordon' }, becomes: { unschedulable: true } },
  { name: 'an uncordon', node: { unschedulable: true }, edit: { kind: 'uncordon' }, becomes: { unschedulable: null } },
]; // prettier-ignore

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

const MEANWHILE: readonly Meanwhile[] = [
  { name: 'a heartbeat', node: { taints: [OLD] }, edit: taint([SHOP]), happens: beat, ends: 'done' },
  { name: 'another label', edit: label({ rack: 'b' }), happens: setLabels({ row: '7' }), ends: 'done' },
  { name: 'a label, while taints are edited', edit: taint([SHOP]), happens: setLabels({ row: '7' }), ends: 'done' },
  { name: 'an annotation', edit: { kind: 'cordon' }, happens: (api, node) => changeNode(api, node, { metadata: { annotations: { a: 'b' } } }), ends: 'done' },
  { name: 'the same label', node: { labels: { rack: 'a' } }, edit: label({ rack: 'b' }), happens: setLabels({ rack: 'c' }), ends: 'conflict', why: 'its label rack' },
  { name: 'the same label, from nothing', edit: label({ rack: 'b' }), happens: setLabels({ rack: 'c' }), ends: 'conflict', why: 'its label rack' },
  { name: 'the label gone that was to go', node: { labels: { rack: 'a', row: '7' } }, edit: label({}, 'rack'), happens: setLabels({ rack: null }), ends: 'conflict', why: 'its label rack' },
  { name: 'a first label', node: { labels: null }, edit: label({ rack: 'b' }), happens: setLabels({ row: '7' }), ends: 'conflict', why: 'labels' },
  { name: 'every label gone', node: { labels: { rack: 'a' } }, edit: label({ rack: 'b' }), happens: setLabels({ rack: null }), ends: 'conflict', why: 'its label rack' },
  { name: 'a further taint', node: { taints: [OLD] }, edit: noTaint(OLD.key), happens: setTaints(OLD, SHOP), ends: 'conflict', why: 'its taints' },
  { name: 'a first taint', node: { taints: null }, edit: taint([SHOP]), happens: setTaints(OLD), ends: 'conflict', why: 'its taints' },
  { name: 'every taint gone', node: { taints: [OLD] }, edit: taint([SHOP]), happens: setTaints(), ends: 'conflict', why: 'its taints' },
  { name: 'the cordon', edit: { kind: 'cordon' }, happens: (api, node) => changeNode(api, node, { spec: { unschedulable: true } }), ends: 'conflict', why: 'its cordon' },
  { name: 'the node re-created', edit: { kind: 'cordon' }, happens: recreateNode, ends: 'conflict', why: 're-created under the same name' },
  { name: 'the node deleted', edit: { kind: 'cordon' }, happens: deleteNode, ends: 'refused', why: 'not found' },
]; // prettier-ignore

/** Taints are a set: an undo puts one back at the end. */
const sorted = ({ taints, ...rest }: Editable) => ({
  ...rest,
  taints: taints?.map((one) => JSON.stringify(one)).sort() ?? null,
});

/** Edits of nodes, from plan to undo. */
export function describeEdits(given: Given) {
  const live = async () => openLive(await optionsFor(given()));
  const once = async () => openForEdit(await optionsFor(given()));
  const writesSince = async () => {
    const from = (await given().asked('operator')).length;
    return async () => (await given().asked('operator')).slice(from).filter(({ method }) => method === 'PATCH');
  };

  test.each(EDITS)('$name: planned, tried, made, written down and taken back', async ({ node, edit, becomes }) => {
    const { api } = given();
    const name = await makeNode(api, node);
    const before = await editableOf(api, name);
    const session = await live();

    const plan = await session.plan([name], edit);
    expect(plan.steps.map(({ dryRun }) => dryRun)).toEqual([{ state: 'accepted' }]);
    expect(await editableOf(api, name)).toEqual(before);

    expect(await session.apply(plan)).toEqual([{ node: name, state: 'done', why: null }]);
    const after = { ...before, ...becomes };
    expect(await editableOf(api, name)).toEqual(after);
    const { changes } = plan.steps[0] ?? {};
    expect(session.journal()).toMatchObject([
      { id: plan.id, operation: edit.kind, object: name, result: 'done', why: null, changes },
    ]);

    const undo = await session.planUndo();
    expect(undo).toMatchObject({ name: 'undo', undoes: plan.id, steps: [{ dryRun: { state: 'accepted' } }] });
    expect(await editableOf(api, name)).toEqual(after);
    expect(await session.apply(undo)).toEqual([{ node: name, state: 'done', why: null }]);
    expect(sorted(await editableOf(api, name))).toEqual(sorted(before));
    expect(session.journal().map(({ operation, undoes }) => [operation, undoes])).toEqual([
      ['undo', plan.id],
      [edit.kind, null],
    ]);
  });

  test.each(MEANWHILE)('meanwhile $name: $ends', async ({ node, edit, happens, ends, why }) => {
    const { api } = given();
    const name = await makeNode(api, node);
    const session = await once();
    const plan = await session.plan([name], edit);
    await happens(api, name);
    const left = await editableIfThere(api, name);
    const [result] = await session.apply(plan);
    expect(result).toEqual({
      node: name,
      state: ends,
      why: why === undefined ? null : (expect.stringContaining(why) as string),
    });
    if (ends !== 'done') expect(await editableIfThere(api, name)).toEqual(left);
    expect(session.journal()).toMatchObject([{ id: plan.id, result: ends }]);
  });

  test('the server keeps it under the name of the console', async () => {
    const name = await makeNode(given().api);
    const session = await once();
    await session.apply(await session.plan([name], label({ rack: 'b' })));
    const { managedFields } = (await nodeObject(given().api, name)).metadata;
    expect(managedFields.map(({ manager }) => manager)).toContain('metalk8s-console');
  });

  test('one of two consoles that edit the same taints is told', async () => {
    const name = await makeNode(given().api, { taints: null });
    const [mine, theirs] = [await live(), await live()];
    const plan = await mine.plan([name], taint([SHOP]));
    const other = await theirs.plan([name], taint([{ ...OLD, value: '' }]));
    expect(await theirs.apply(other)).toMatchObject([{ state: 'done' }]);
    expect(await mine.apply(plan)).toMatchObject([
      { state: 'conflict', why: expect.stringContaining('its taints') as string },
    ]);
    expect((await editableOf(given().api, name)).taints).toEqual([OLD]);
  });

  describe('an undo', () => {
    const rack = label({ rack: 'b' });
    const rackAndRow = label({ rack: 'b', row: '7' });

    test('is refused when somebody has changed it since', async () => {
      const { api } = given();
      const name = await makeNode(api, { labels: { rack: 'a' } });
      const session = await live();
      const plan = await session.plan([name], rack);
      await session.apply(plan);
      await changeNode(api, name, { metadata: { labels: { rack: 'c' } } });
      await until(session.store, ({ nodes }) => nodes.get(name)?.labels['rack'] === 'c');
      await expect(session.planUndo(plan.id)).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining('no longer holds what was written to its label rack') as string,
      });
      expect((await editableOf(api, name)).labels).toEqual({ rack: 'c' });
    });

    test('takes back what is still as it was written, and leaves the rest', async () => {
      const { api } = given();
      const name = await makeNode(api, { labels: { rack: 'a' } });
      const session = await live();
      await session.apply(await session.plan([name], rackAndRow));
      await changeNode(api, name, { metadata: { labels: { rack: 'c' } } });
      await until(session.store, ({ nodes }) => nodes.get(name)?.labels['rack'] === 'c');
      const undo = await session.planUndo();
      expect(undo.effects.map(({ sentence }) => sentence).join()).toContain('that is left alone');
      expect(await session.apply(undo)).toMatchObject([{ state: 'done' }]);
      expect((await editableOf(api, name)).labels).toEqual({ rack: 'c' });
    });

    test('is a conflict when it was planned before somebody changed it', async () => {
      const { api } = given();
      const name = await makeNode(api, { taints: [OLD] });
      const session = await live();
      await session.apply(await session.plan([name], noTaint(OLD.key)));
      const undo = await session.planUndo();
      await changeNode(api, name, { spec: { taints: [SHOP] } });
      expect(await session.apply(undo)).toMatchObject([{ state: 'conflict' }]);
      expect((await editableOf(api, name)).taints).toEqual([SHOP]);
    });

    test('is refused for another node of the same name', async () => {
      const { api } = given();
      const name = await makeNode(api);
      const session = await live();
      const plan = await session.plan([name], { kind: 'cordon' });
      await session.apply(plan);
      const uid = await recreateNode(api, name);
      await changeNode(api, name, { spec: { unschedulable: true } });
      await until(session.store, ({ nodes }) => nodes.get(name)?.uid === uid && nodes.get(name)?.cordoned === true);
      await expect(session.planUndo(plan.id)).rejects.toThrow('is another node of the same name');
    });
  });

  /** What a later console might send that this one would not: the server has the last word. */
  test.each<[string, NodeEdit, (value: unknown) => unknown, readonly string[]]>([
    [
      'a label value',
      label({ rack: 'b' }),
      () => '-b-',
      ['metadata.labels: Invalid value: "-b-"', 'must start and end with an alphanumeric character'],
    ],
    [
      'a label value that is too long',
      label({ rack: 'b' }),
      () => 'x'.repeat(64),
      ['must be no more than 63 characters'],
    ],
    [
      'an effect',
      taint([SHOP]),
      () => [{ ...SHOP, effect: 'Never' }],
      ['metadata.taints[0].effect: Unsupported value: "Never"'],
    ],
    ['a taint without an effect', taint([SHOP]), () => [{ key: 'a' }], ['metadata.taints[0].effect: Required value']],
    ['the same taint twice', taint([SHOP]), () => [SHOP, SHOP], ['metadata.taints[1]: Duplicate value']],
    [
      'a taint key',
      taint([SHOP]),
      () => [{ ...SHOP, key: 'a b' }],
      ['metadata.taints[0].key: Invalid value: "a b"', 'name part must consist of'],
    ],
  ])('%s that the server does not take is told with its causes, each once', async (_, edit, wrong, says) => {
    const { api } = given();
    const name = await makeNode(api, { labels: HOST });
    const before = await editableOf(api, name);
    const session = await once();
    const plan = await session.plan([name], edit);
    const forced = plan.steps.map((step) => ({
      ...step,
      patch: step.patch.map((operation): PatchOperation =>
        operation.op === 'add' ? { ...operation, value: wrong(operation.value) } : operation,
      ),
    }));
    const [result] = await session.apply({ ...plan, steps: forced });
    expect(result?.state).toBe('refused');
    for (const words of says) expect(result?.why?.split(words)).toHaveLength(2);
    expect(await editableOf(api, name)).toEqual(before);
  });

  describe('a user without the right to write', () => {
    test('is told before anything is sent', async () => {
      const session = await openLive(await optionsFor(given(), 'reader'));
      const from = (await given().asked('reader')).length;
      const plan = await session.plan(['par1-worker-1'], { kind: 'cordon' });
      expect(plan.guards).toMatchObject([{ name: 'write-access', state: 'refused', sentence: session.readOnly }]);
      expect(session.readOnly).toMatch(/has no right to patch nodes/);
      await expect(session.apply(plan)).rejects.toMatchObject({ name: 'InputError' });
      const asked = (await given().asked('reader')).slice(from);
      expect(asked.filter(({ method }) => method === 'PATCH')).toEqual([]);
    });

    test('is refused by the server when nobody has asked about the right, and nothing is changed', async () => {
      const before = await editableOf(given().api, 'par1-worker-1');
      const session = await openUnasked(await optionsFor(given(), 'reader'));
      const plan = await session.plan(['par1-worker-1'], { kind: 'cordon' });
      expect(plan.steps.map(({ dryRun }) => dryRun)).toEqual([
        { state: 'refused', why: expect.stringContaining('no right to patch nodes') as string },
      ]);
      expect(await editableOf(given().api, 'par1-worker-1')).toEqual(before);
    });
  });

  test('with --read-only nothing is sent, not even a dry run', async () => {
    const session = await openLive({ ...(await optionsFor(given())), readOnly: true });
    const writes = await writesSince();
    const plan = await session.plan(['par1-worker-1'], { kind: 'cordon' });
    await expect(session.apply(plan)).rejects.toMatchObject({ name: 'InputError' });
    expect(await writes()).toEqual([]);
  });

  test('an edit of several nodes is made on each, and told of each', async () => {
    const { api } = given();
    const [kept, moved, gone] = [await makeNode(api), await makeNode(api), await makeNode(api)];
    const session = await once();
    const plan = await session.plan([kept, moved, gone], label({ tier: 'x' }));
    await changeNode(api, moved, { metadata: { labels: { tier: 'y' } } });
    await deleteNode(api, gone);
    expect((await session.apply(plan)).map(({ node, state }) => [node, state])).toEqual([
      [kept, 'done'],
      [moved, 'conflict'],
      [gone, 'refused'],
    ]);
    expect((await editableOf(api, kept)).labels).toMatchObject({ tier: 'x' });
    expect((await editableOf(api, moved)).labels).toMatchObject({ tier: 'y' });
  });
}
