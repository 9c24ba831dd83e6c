import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import type { NodeEdit, PatchOperation } from '../../source/operations/operation.ts';
import type { Given } from './cluster.ts';
import { EDITS, HOST, label, MEANWHILE, noTaint, OLD, SHOP, taint } from './edit-cases.ts';
import { until } from '../session/boxed.ts';
import {
  changeNode,
  deleteNode,
  editableOf,
  makeNode,
  editableIfThere,
  nodeObject,
  recreateNode,
  type Editable,
} from './objects.ts';
import { givenLive, openForEdit, openLive, openUnasked, optionsFor } from './session.ts';

/** Taints are a set: an undo puts one back at the end. */
const sorted = ({ taints, ...rest }: Editable) => ({
  ...rest,
  taints: taints?.map((one) => JSON.stringify(one)).sort() ?? null,
});

/** Whether the picture has the node as it was made: the server's own taint of new nodes is gone. */
const isMade = ({ labels, taints }: Editable, node: ClusterNode | undefined): boolean =>
  node !== undefined &&
  isDeepStrictEqual(node.labels, labels ?? {}) &&
  isDeepStrictEqual(
    (node.taints ?? []).map(({ key }) => key).filter((key) => key !== 'node.kubernetes.io/unschedulable'),
    (taints ?? []).map(({ key }) => key),
  );

/** Edits of nodes, from plan to undo. */
export function describeEdits(given: Given) {
  const live = async () => openLive(await optionsFor(given()));
  const once = async () => openForEdit(await optionsFor(given()));
  const writesSince = async () => {
    const from = (await given().asked('operator')).length;
    return async () => (await given().asked('operator')).slice(from).filter(({ method }) => method === 'PATCH');
  };

  describe('on a screen that stays open', () => {
    const screen = givenLive(given);

    test.each(EDITS)('$name: planned, tried, made, written down and taken back', async ({ node, edit, becomes }) => {
      const { api } = given();
      const session = screen();
      const name = await makeNode(api, node);
      const before = await editableOf(api, name);
      await until(session.store, ({ nodes }) => isMade(before, nodes.get(name)));

      const plan = await session.plan([name], edit);
      expect(plan.steps.map(({ dryRun }) => dryRun)).toEqual([{ state: 'accepted' }]);
      expect(await editableOf(api, name)).toEqual(before);

      expect(await session.apply(plan)).toEqual([{ task: 'edit', node: name, state: 'done', why: null }]);
      const after = { ...before, ...becomes };
      expect(await editableOf(api, name)).toEqual(after);
      const { changes } = plan.steps[0] ?? {};
      expect(session.journal({ node: name })).toMatchObject([
        { id: plan.id, operation: edit.kind, object: name, result: 'done', why: null, changes },
      ]);

      const undo = await session.planUndo(plan.id);
      expect(undo).toMatchObject({ name: 'undo', undoes: plan.id, steps: [{ dryRun: { state: 'accepted' } }] });
      expect(await editableOf(api, name)).toEqual(after);
      expect(await session.apply(undo)).toEqual([{ task: 'edit', node: name, state: 'done', why: null }]);
      expect(sorted(await editableOf(api, name))).toEqual(sorted(before));
      expect(session.journal({ node: name }).map(({ operation, undoes }) => [operation, undoes])).toEqual([
        ['undo', plan.id],
        [edit.kind, null],
      ]);
    });
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
      task: 'edit',
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
