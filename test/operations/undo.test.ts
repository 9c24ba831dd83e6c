import { describe, expect, it } from 'vitest';
import { InputError } from '../../source/operations/errors.ts';
import type { TrailItem } from '../../source/operations/journal-records.ts';
import type { NodeEdit } from '../../source/operations/operation.ts';
import { planUndo } from '../../source/operations/undo.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode } from '../state/made.ts';
import { spent } from '../spent.ts';
import { cluster } from './small-cluster.ts';

const label = (set: Record<string, string>, remove: readonly string[] = []): NodeEdit => ({
  kind: 'label',
  set,
  remove,
});
const [ONE, TWO] = [makeNode({ name: 'wrk-1' }), makeNode({ name: 'wrk-2' })];

describe('undo', () => {
  it('does not say that there is nothing to undo where the nodes are not known', async () => {
    const { edit, journal } = cluster(ONE);
    await edit(label({ rack: 'a' }), 'wrk-1');
    const planning = { state: createStore().state, id: 'op-9', readOnly: null };
    expect(() => planUndo(planning, journal.trail())).toThrow('the nodes have not been read');
  });

  it('takes operations back one after the other, the newest first, passing over undos', async () => {
    const { edit, undo, label: at, plan } = cluster(ONE);
    await edit(label({ rack: 'a' }), 'wrk-1');
    await edit(label({ rack: 'b' }), 'wrk-1');
    await undo();
    expect(at('wrk-1', 'rack')).toBe('a');
    await undo();
    expect(at('wrk-1', 'rack')).toBeUndefined();
    expect(() => plan()).toThrow(InputError);
    expect(() => plan()).toThrow('There is nothing to undo');
  });

  it('of an undo by its id brings back what that had taken away, and the operation can be undone again', async () => {
    const { edit, undo, label: at } = cluster(ONE);
    const operation = await edit(label({ rack: 'a' }), 'wrk-1');
    const first = await undo();
    const second = await undo(first.id);
    expect([first.undoes, second.undoes]).toEqual([operation.id, first.id]);
    expect(at('wrk-1', 'rack')).toBe('a');
    await undo();
    expect(at('wrk-1', 'rack')).toBeUndefined();
  });

  it('touches only what still holds what the operation wrote, and says what it leaves alone', async () => {
    const { edit, plan, set } = cluster(ONE, TWO);
    await edit(label({ rack: 'a', row: '1' }), 'wrk-1', 'wrk-2');
    set('wrk-1', { rack: 'theirs' });
    set('wrk-2', { rack: 'theirs', row: '9', other: 'x' });
    const undo = plan();
    expect(undo.steps.map(({ node, changes }) => ({ node, changes }))).toEqual([
      { node: 'wrk-1', changes: [{ field: 'label', key: 'row', before: '1', after: null }] },
    ]);
    expect(undo.effects.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([
        'wrk-1 no longer holds what was written to its label rack: that is left alone.',
        'wrk-2 no longer holds what was written to its label rack and label row: that is left alone.',
      ]),
    );
  });

  it('does not take a label away that somebody set again after it was taken back', async () => {
    const { edit, undo, plan, set } = cluster(ONE);
    const { id } = await edit(label({ rack: 'a' }), 'wrk-1');
    await undo();
    set('wrk-1', { rack: 'a' });
    expect(() => plan()).toThrow('There is nothing to undo');
    expect(() => plan(id)).toThrow(/cannot be undone: wrk-1 was given back already/);
  });

  it('leaves a node of the same name alone that is another one', async () => {
    const { edit, plan, nodes } = cluster(ONE);
    const { id } = await edit(label({ rack: 'a' }), 'wrk-1');
    nodes.set('wrk-1', makeNode({ name: 'wrk-1', uid: 'new', labels: { rack: 'a' } }));
    expect(() => plan(id)).toThrow(/wrk-1 is another node of the same name/);
    nodes.delete('wrk-1');
    expect(() => plan(id)).toThrow(/wrk-1 is not there any more/);
  });

  it('of several nodes is one plan, with the line for kubectl', async () => {
    const { edit, plan } = cluster(ONE, TWO);
    const { id } = await edit({ kind: 'cordon' }, 'wrk-1', 'wrk-2');
    expect(plan()).toMatchObject({
      name: 'undo',
      title: 'Undo cordon on wrk-1 and wrk-2',
      undoes: id,
      commands: ['kubectl uncordon wrk-1 wrk-2'],
    });
  });

  it('puts a taint back as a new one, without the time of the old', async () => {
    const old = { key: 'a', value: 'v', effect: 'NoExecute', timeAdded: '2026-01-31T12:00:00Z' };
    const { edit, undo, nodes } = cluster(makeNode({ name: 'wrk-1', taints: [old] }));
    await edit({ kind: 'taint', add: [], remove: [{ key: 'a', effect: null }], addNodeRole: false }, 'wrk-1');
    expect(nodes.get('wrk-1')?.taints).toBeNull();
    await undo();
    expect(nodes.get('wrk-1')?.taints).toEqual([{ ...old, timeAdded: null }]);
  });

  it('is found at once in a trail of ten thousand operations', () => {
    const trail = Array.from({ length: 10_000 }, (_, place): TrailItem => {
      const undoes = place % 2 === 0 ? `op-${place + 1}` : null;
      const operation = undoes === null ? 'label' : 'undo';
      const about = { at: 20_000 - place, who: 'ada', context: 'prod', command: '', why: null };
      const changes = [{ field: 'label', key: 'rack', before: null, after: 'a' } as const];
      const item = {
        id: `op-${place}`,
        object: 'wrk-1',
        uid: ONE.uid,
        operation,
        task: 'edit',
        changes,
        result: 'done',
        undoes,
      } as const;
      return { item: { ...about, ...item }, ended: true };
    });
    const { state } = createStore([{ type: 'changed', at: 1, resource: 'nodes', items: [ONE] }]);
    const plan = () => planUndo({ state, id: 'new', readOnly: null }, trail);
    expect(spent(() => expect(plan).toThrow('There is nothing to undo'))).toBeLessThan(250);
  });

  it('of an id that the journal does not have says where ids are', () => {
    expect(() => cluster(ONE).plan('nothing')).toThrow(
      'The journal has no operation "nothing"; the command journal lists them.',
    );
  });
});
