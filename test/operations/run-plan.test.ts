import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../source/links/kubernetes/access.ts';
import { LinkFailure } from '../../source/links/kubernetes/failure.ts';
import type { FailureKind } from '../../source/links/kubernetes/failure.ts';
import { dryRunPlan } from '../../source/operations/dry-run.ts';
import { journalInMemory, type Journal } from '../../source/operations/journal.ts';
import type { NodeEdit, NodePlan, Plan } from '../../source/operations/operation.ts';
import { planEdit } from '../../source/operations/plan.ts';
import { runPlan } from '../../source/operations/run-plan.ts';
import { createStore, type Store } from '../../source/state/store.ts';
import { makeNode } from '../state/made.ts';
import { NODES_ALONE } from './nodes-alone.ts';
import { fakeLink, type FakeLink } from './wire-node.ts';

const LABEL: NodeEdit = { kind: 'label', set: { rack: 'a' }, remove: [] };
const NODES = [makeNode({ name: 'wrk-1' }), makeNode({ name: 'wrk-2' })];

const failure = (kind: FailureKind, given: { status?: number; sent?: boolean; detail?: string } = {}) =>
  new LinkFailure({ kind, message: `The server said: ${kind}.`, sent: true, ...given });

const storeOf = (link: FakeLink): Store =>
  createStore([
    { type: 'changed', at: 1, resource: 'nodes', items: [...link.nodes.values()] },
    { type: 'status', at: 1, resource: 'nodes', status: { state: 'live' } },
  ]);

const planOf = (link: FakeLink, names: readonly string[] = ['wrk-1'], readOnly: string | null = null): NodePlan =>
  planEdit({ state: storeOf(link).state, id: 'op-1', readOnly }, names, LABEL);

type More = { readonly journal?: Journal; readonly store?: Store; readonly signal?: AbortSignal };

const run = (link: FakeLink, plan: Plan, { journal = journalInMemory(), store, signal }: More = {}) =>
  runPlan(plan, {
    ...NODES_ALONE,
    writer: link.writer,
    reader: link.reader,
    journal,
    store: store ?? null,
    now: () => 5_000,
    who: 'ada',
    context: 'prod',
    patience: { bound: 30, pause: 5 },
    ...(signal && { signal }),
  });

/** Makes the first request of that beginning fail, before or after it was done. */
function strike(link: FakeLink, when: 'before' | 'after', beginning: string, error: Error): void {
  let struck = false;
  link[when] = (asked) => {
    if (struck || !asked.startsWith(beginning)) return;
    struck = true;
    throw error;
  };
}

describe('a run', () => {
  it('sends each step once and sees its effect by reading the node', async () => {
    const link = fakeLink(...NODES);
    expect(await run(link, planOf(link, ['wrk-1', 'wrk-2']))).toEqual([
      { task: 'edit', node: 'wrk-1', state: 'done', why: null },
      { task: 'edit', node: 'wrk-2', state: 'done', why: null },
    ]);
    expect(link.asked).toEqual(['patch wrk-1', 'read wrk-1', 'patch wrk-2', 'read wrk-2']);
  });

  it('sees its effect in the live picture and then asks for nothing more', async () => {
    const link = fakeLink(...NODES);
    const store = storeOf(link);
    link.after = () =>
      setImmediate(() =>
        store.dispatch({ type: 'changed', at: 2, resource: 'nodes', items: [...link.nodes.values()] }),
      );
    expect(await run(link, planOf(link), { store })).toMatchObject([{ state: 'done' }]);
    expect(link.asked).toEqual(['patch wrk-1']);
  });

  it('has a record on disk before the request leaves and one after the end is known', async () => {
    const link = fakeLink(...NODES);
    const journal = journalInMemory();
    const seen: string[] = [];
    link.before = (asked) =>
      void seen.push(
        `${asked}: ${journal
          .trail()
          .map(({ item, ended }) => `${item.result} ${ended}`)
          .join()}`,
      );
    await run(link, planOf(link), { journal });
    expect(seen[0]).toBe('patch wrk-1: unknown false');
    expect(journal.trail()).toMatchObject([{ ended: true, item: { result: 'done', at: 5_000 } }]);
  });

  it('sends nothing when the journal cannot be written', async () => {
    const link = fakeLink(...NODES);
    const journal: Journal = {
      append: () => {
        throw new Error('ENOSPC');
      },
      trail: () => [],
    };
    const [result] = await run(link, planOf(link), { journal });
    expect(result).toMatchObject({ state: 'failed' });
    expect(result?.why).toContain('ENOSPC');
    expect(link.asked).toEqual([]);
  });

  it('sends nothing for a plan that a guard refused, or a step that the dry run refused', async () => {
    const link = fakeLink(...NODES);
    const plan = planOf(link);
    const refused = {
      ...plan,
      steps: plan.steps.map((step) => ({ ...step, dryRun: { state: 'refused', why: 'No.' } as const })),
    };
    expect(await run(link, planOf(link, ['wrk-1'], 'Read-only.'))).toEqual([
      { task: 'edit', node: 'wrk-1', state: 'refused', why: 'Read-only.' },
    ]);
    expect(await run(link, refused)).toEqual([{ task: 'edit', node: 'wrk-1', state: 'refused', why: 'No.' }]);
    expect(link.asked).toEqual([]);
  });

  it('stops before the next step when it is told to, and says so of what was not sent', async () => {
    const link = fakeLink(...NODES);
    const stopping = new AbortController();
    link.after = () => stopping.abort();
    const results = await run(link, planOf(link, ['wrk-1', 'wrk-2']), { signal: stopping.signal });
    expect(results).toMatchObject([
      { task: 'edit', node: 'wrk-1', state: 'done' },
      { task: 'edit', node: 'wrk-2', state: 'failed', why: 'Stopped before anything was sent to wrk-2.' },
    ]);
    expect(link.asked).not.toContain('patch wrk-2');
  });

  it('goes on with the other nodes after one that ended badly', async () => {
    const link = fakeLink(...NODES);
    strike(link, 'before', 'patch wrk-1', failure('forbidden', { status: 403 }));
    expect((await run(link, planOf(link, ['wrk-1', 'wrk-2']))).map(({ state }) => state)).toEqual(['refused', 'done']);
  });
});

describe('a request that failed', () => {
  it.each<[string, Error, string, RegExp]>([
    ['forbidden', failure('forbidden', { status: 403 }), 'refused', /forbidden/],
    ['a node that is gone', failure('not-found', { status: 404 }), 'refused', /not-found/],
    ['storage full', failure('server', { status: 500 }), 'failed', /server/],
    ['too busy', failure('throttled', { status: 429 }), 'failed', /throttled/],
    ['nobody listens', failure('refused', { sent: false }), 'failed', /Nothing was sent to wrk-1/],
    ['no credentials', new ConfigurationError('The plugin failed.'), 'failed', /The plugin failed\. Nothing was sent/],
  ])('%s', async (_, error, state, says) => {
    const link = fakeLink(...NODES);
    strike(link, 'before', 'patch', error);
    const [result] = await run(link, planOf(link));
    expect(result).toMatchObject({ state });
    expect(result?.why).toMatch(says);
    expect(link.asked.filter((asked) => asked.startsWith('patch'))).toHaveLength(1);
  });

  it('with 422 is a conflict when what it tested has moved', async () => {
    const link = fakeLink(...NODES);
    const plan = planOf(link);
    link.nodes.set('wrk-1', makeNode({ name: 'wrk-1', labels: { 'kubernetes.io/hostname': 'wrk-1', rack: 'theirs' } }));
    const [result] = await run(link, plan);
    expect(result).toMatchObject({ state: 'conflict' });
    expect(result?.why).toBe(
      'wrk-1 was changed by somebody else meanwhile: its label rack; look at it and repeat the edit.',
    );
  });

  it('with 422 is a conflict when the node was re-created', async () => {
    const link = fakeLink(...NODES);
    const plan = planOf(link);
    link.nodes.set('wrk-1', makeNode({ name: 'wrk-1', uid: 'new' }));
    expect(await run(link, plan)).toMatchObject([
      { state: 'conflict', why: expect.stringContaining('re-created') as string },
    ]);
  });

  it('with 422 is a refusal in the words of the server when nothing has moved', async () => {
    const link = fakeLink(...NODES);
    strike(
      link,
      'before',
      'patch',
      new LinkFailure({
        kind: 'invalid',
        status: 422,
        sent: true,
        message: 'Invalid.',
        causes: [1, 2].map(() => ({ reason: 'FieldValueInvalid', field: 'metadata.labels', message: 'not valid!' })),
      }),
    );
    expect(await run(link, planOf(link))).toEqual([
      { task: 'edit', node: 'wrk-1', state: 'refused', why: 'The server refuses it: metadata.labels: not valid!.' },
    ]);
  });

  it('whose answer was lost is done when the node shows it, and is not sent again', async () => {
    const link = fakeLink(...NODES);
    strike(link, 'after', 'patch', failure('unknown-outcome'));
    expect(await run(link, planOf(link))).toMatchObject([{ state: 'done' }]);
    expect(link.asked).toEqual(['patch wrk-1', 'read wrk-1']);
  });

  it('whose answer was lost is unknown while the node does not show it, and while the node cannot be read', async () => {
    const link = fakeLink(...NODES);
    strike(link, 'before', 'patch', failure('unknown-outcome'));
    const [same] = await run(link, planOf(link));
    expect(same).toMatchObject({
      state: 'unknown',
      why: expect.stringContaining('does not show the change yet') as string,
    });
    link.before = (asked) => {
      throw asked.startsWith('patch') ? failure('unknown-outcome') : failure('unreachable');
    };
    const [blind] = await run(link, planOf(link));
    expect(blind).toMatchObject({
      state: 'unknown',
      why: expect.stringContaining('could not be looked at either') as string,
    });
  });

  it('is one thing, and a change that was made and put back is another', async () => {
    const link = fakeLink(...NODES);
    const [before] = NODES;
    link.after = (asked) => {
      if (asked.startsWith('patch') && before) link.nodes.set('wrk-1', before);
    };
    expect(await run(link, planOf(link))).toMatchObject([
      { state: 'failed', why: expect.stringContaining('put it back') as string },
    ]);
  });

  it('of a kind that nobody foresaw is not swallowed', async () => {
    const link = fakeLink(...NODES);
    strike(link, 'before', 'patch', new TypeError('a mistake'));
    await expect(run(link, planOf(link))).rejects.toThrow('a mistake');
  });
});

describe('a dry run', () => {
  const dry = async (link: FakeLink) => (await dryRunPlan(planOf(link), link.writer, link.reader)).steps[0]?.dryRun;

  it('changes nothing', async () => {
    const link = fakeLink(...NODES);
    expect(await dry(link)).toEqual({ state: 'accepted' });
    expect(link.nodes.get('wrk-1')).toBe(NODES[0]);
  });

  it.each<[string, Error, string]>([
    ['a right that is missing', failure('forbidden', { status: 403 }), 'refused'],
    [
      'a webhook that takes no part in dry runs',
      failure('invalid', { status: 400, detail: 'admission webhook "x" does not support dry run' }),
      'not-checked',
    ],
    ['no answer', failure('unreachable'), 'not-checked'],
  ])('%s', async (_, error, state) => {
    const link = fakeLink(...NODES);
    strike(link, 'before', 'dry run', error);
    expect(await dry(link)).toMatchObject({ state, why: expect.any(String) as string });
  });
});
