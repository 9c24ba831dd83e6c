import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NodeEdit } from '../../source/operations/operation.ts';
import { roleLabel } from '../../source/product/roles.ts';
import type { Session } from '../../source/session/session.ts';
import { bootstrapOf, isLive, once, open, optionsFor, startBox, temporaryFolder, until } from './boxed.ts';

const UNTAINT: NodeEdit = {
  kind: 'taint',
  add: [],
  remove: [{ key: roleLabel('bootstrap'), effect: 'NoSchedule' }],
  addNodeRole: true,
};

const taintsOf = (session: Session, name: string) =>
  session.store.state.nodes.get(name)?.taints?.map(({ key, effect }) => `${key}:${effect}`) ?? null;

describe('an edit of a live cluster', () => {
  it('goes from plan to dry run, apply, observed effect, journal and undo', async () => {
    const folder = temporaryFolder();
    const session = await open(optionsFor(await startBox(), folder));
    await until(session.store, isLive);
    const name = bootstrapOf(session);
    const before = session.store.state.nodes.get(name);
    expect(taintsOf(session, name)).toContain('node-role.kubernetes.io/bootstrap:NoSchedule');

    const plan = await session.plan([name], UNTAINT);
    expect(plan.title).toBe(`Untaint ${name}`);
    expect(plan.commands).toEqual([
      `kubectl label nodes ${name} node-role.kubernetes.io/node=`,
      `kubectl taint nodes ${name} node-role.kubernetes.io/bootstrap:NoSchedule-`,
    ]);
    expect(plan.steps.map(({ dryRun }) => dryRun)).toEqual([{ state: 'accepted' }]);
    expect(taintsOf(session, name)).toEqual(before?.taints?.map(({ key, effect }) => `${key}:${effect}`));

    const seen: string[] = [];
    const results = await session.apply(plan, ({ state }) => void seen.push(state));
    expect(results).toEqual([{ task: 'edit', node: name, state: 'done', why: null }]);
    expect(seen).toEqual(['sending', 'observing', 'ended']);
    expect(taintsOf(session, name) ?? []).not.toContain('node-role.kubernetes.io/bootstrap:NoSchedule');
    expect(session.store.state.nodes.get(name)?.labels[roleLabel('node')]).toBe('');

    const [item] = session.journal();
    expect(item).toMatchObject({ id: plan.id, operation: 'taint', object: name, result: 'done', why: null });
    const file = join(folder, 'state', 'journal.jsonl');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);

    const undo = await session.planUndo();
    expect(undo).toMatchObject({ name: 'undo', undoes: plan.id, title: `Undo taint on ${name}` });
    expect(await session.apply(undo)).toEqual([{ task: 'edit', node: name, state: 'done', why: null }]);
    const after = session.store.state.nodes.get(name);
    expect(after?.labels).toEqual(before?.labels);
    expect(new Set(after?.taints)).toEqual(new Set(before?.taints));
    await expect(session.planUndo()).rejects.toThrow('nothing to undo');
    expect((await session.planUndo(undo.id)).steps).toHaveLength(1);
  });

  it('tells one of two operators who edit the same taints', async () => {
    const box = await startBox();
    const mine = await open(optionsFor(box, temporaryFolder()));
    const theirs = await once(optionsFor(box, temporaryFolder()));
    await until(mine.store, isLive);
    const edit = (value: string): NodeEdit => ({
      kind: 'taint',
      add: [{ key: 'dedicated', value, effect: 'NoSchedule' }],
      remove: [],
      addNodeRole: false,
    });
    const [plan, other] = [
      await mine.plan([bootstrapOf(theirs)], edit('shop')),
      await theirs.plan([bootstrapOf(theirs)], edit('bank')),
    ];
    expect(await theirs.apply(other)).toEqual([{ task: 'edit', node: bootstrapOf(mine), state: 'done', why: null }]);
    const [result] = await mine.apply(plan);
    expect(result).toMatchObject({ task: 'edit', node: bootstrapOf(mine), state: 'conflict' });
    expect(result?.why).toContain('its taints');
    expect(mine.journal()[0]?.result).toBe('conflict');
  });

  it('does not disturb another operator who edits another label of the same node at the same time', async () => {
    const box = await startBox();
    const [mine, theirs] = [
      await once(optionsFor(box, temporaryFolder())),
      await once(optionsFor(box, temporaryFolder())),
    ];
    const label = (key: string): NodeEdit => ({ kind: 'label', set: { [key]: 'a' }, remove: [] });
    const [one, other] = [
      await mine.plan([bootstrapOf(mine)], label('rack')),
      await theirs.plan([bootstrapOf(mine)], label('row')),
    ];
    expect([...(await theirs.apply(other)), ...(await mine.apply(one))].map(({ state }) => state)).toEqual([
      'done',
      'done',
    ]);
  });

  it('refuses an absent label that somebody else has set meanwhile', async () => {
    const box = await startBox();
    const [mine, theirs] = [
      await once(optionsFor(box, temporaryFolder())),
      await once(optionsFor(box, temporaryFolder())),
    ];
    const label = (value: string): NodeEdit => ({ kind: 'label', set: { rack: value }, remove: [] });
    const [one, other] = [
      await mine.plan([bootstrapOf(mine)], label('a')),
      await theirs.plan([bootstrapOf(mine)], label('b')),
    ];
    await theirs.apply(other);
    const [result] = await mine.apply(one);
    expect(result).toMatchObject({ state: 'conflict' });
    expect(result?.why).toContain('its label rack');
  });

  it('cordons and uncordons, and says so of a node that is so already', async () => {
    const session = await once(optionsFor(await startBox(), temporaryFolder()));
    const names = [...session.store.state.nodes.keys()].slice(0, 2);
    const cordon = await session.plan(names, { kind: 'cordon' });
    expect(cordon.commands).toEqual([`kubectl cordon ${names.join(' ')}`]);
    expect((await session.apply(cordon)).map(({ state }) => state)).toEqual(['done', 'done']);
    const uncordon = await session.plan(names, { kind: 'uncordon' });
    expect(uncordon.unchanged).toEqual(names);
  });
});

describe('a wrong edit', () => {
  it.each<[string, readonly string[], NodeEdit, string]>([
    [
      'a label key that breaks the rule',
      ['bootstrap'],
      { kind: 'label', set: { 'a b': 'c' }, remove: [] },
      'label key "a b"',
    ],
    [
      'a label value that breaks the rule',
      ['bootstrap'],
      { kind: 'label', set: { a: '-' }, remove: [] },
      'label value "-"',
    ],
    ['a node that is not there', ['nowhere'], { kind: 'cordon' }, 'no node "nowhere"'],
    [
      'a taint without an effect',
      ['bootstrap'],
      { kind: 'taint', add: [{ key: 'a', value: '', effect: '' }], remove: [], addNodeRole: false },
      'effect is missing',
    ],
  ])('%s is told with the rule, and nothing is sent', async (_, nodes, edit, says) => {
    const box = await startBox();
    const session = await once(optionsFor(box, temporaryFolder()));
    const asked = box.requests.length;
    await expect(session.plan(nodes, edit)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(says) as string,
    });
    expect(box.requests.length).toBe(asked);
  });
});

describe('a session that may not write', () => {
  it('with --read-only refuses every plan by its guard and sends no write, not even a dry run', async () => {
    const box = await startBox();
    const session = await open({ ...optionsFor(box, temporaryFolder()), readOnly: true });
    await until(session.store, isLive);
    const plan = await session.plan([bootstrapOf(session)], UNTAINT);
    expect(session.readOnly).toContain('--read-only');
    expect(plan.guards).toMatchObject([{ name: 'write-access', state: 'refused', sentence: session.readOnly }]);
    await expect(session.apply(plan)).rejects.toMatchObject({ name: 'InputError' });
    expect(box.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
  });

  it('of a user without the right says so once the review has told, and sends no write', async () => {
    const box = await startBox();
    const session = await open(optionsFor(box, temporaryFolder(), 'reader'));
    await until(session.store, ({ rights }) => rights.patchNodes !== null);
    expect(session.readOnly).toMatch(/has no right to patch nodes/);
    await until(session.store, isLive);
    expect((await session.plan([bootstrapOf(session)], { kind: 'cordon' })).guards[0]?.state).toBe('refused');
    expect(box.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
  });
});
