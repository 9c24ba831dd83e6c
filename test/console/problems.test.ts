import { describe, expect, it } from 'vitest';
import { wholeOf } from '../../source/checks/verdict/cluster.ts';
import { judged, type Finding } from '../../source/checks/verdict/judged.ts';
import type { Area } from '../../source/checks/verdict/verdict.ts';
import { nextProblem } from '../../source/console/problems.ts';
import { firstView, type View } from '../../source/console/view.ts';
import { createNodeTable } from '../../source/state/node-table.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode } from '../state/made.ts';

const { state } = createStore([
  { type: 'changed', at: 0, resource: 'nodes', items: ['a', 'b'].map((name) => makeNode({ name })) },
]);
const context = { nodes: createNodeTable()(state), nodesView: firstView };
const found = (
  severity: Finding['severity'],
  screen: 'nodes' | 'node' | 'etcd' | 'control-plane',
  object: string | null,
) => ({ severity, sentence: `${screen} ${object ?? ''}`, next: { screen, object } }) as const;
const verdict = (areas: Readonly<Partial<Record<Area, readonly Finding[]>>>) =>
  wholeOf(Object.entries(areas).map(([area, findings]) => judged(area as Area, area, findings)));

const BAD = verdict({
  'control-plane': [found('degraded', 'control-plane', 'x'), found('degraded', 'control-plane', 'y')],
  etcd: [found('at-risk', 'etcd', 'm-2')],
  nodes: [found('degraded', 'node', 'b'), found('degraded', 'node', 'gone'), found('healthy', 'node', 'a')],
});

/** What a walk by the key alone shows, from the list of nodes on. */
function walk(of: Parameters<typeof nextProblem>[0], steps: number): readonly View[] {
  const shown: View[] = [firstView];
  for (let step = 0; step < steps; step += 1) {
    const { view } = nextProblem(of, shown.at(-1) ?? firstView, context);
    if (view !== null) shown.push(view);
  }
  return shown.slice(1);
}

describe('the key for problems', () => {
  it('goes to the worst, from there to the next, each place once, and after the last to the worst again', () => {
    expect(walk(BAD, 5)).toEqual([
      { name: 'etcd', cursor: { member: 'm-2', index: 0 }, top: 0 },
      { name: 'control-plane', marked: { area: 'control-plane', object: 'x' }, top: 0 },
      { name: 'control-plane', marked: { area: 'control-plane', object: 'y' }, top: 0 },
      { name: 'node', uid: 'uid-of-b', node: 'b', tab: 'overview', top: 0 },
      { name: 'etcd', cursor: { member: 'm-2', index: 0 }, top: 0 },
    ]);
  });

  it('begins with the worst again where the operator has gone elsewhere', () => {
    const elsewhere: View = { name: 'headroom', page: 0, top: 0 };
    expect(nextProblem(BAD, elsewhere, context)).toMatchObject({ view: { name: 'etcd' }, replaces: false });
  });

  it('goes on from a member of etcd that was opened, and from etcd as a whole', () => {
    const opened: View = { name: 'etcd-member', member: 'm-2', top: 0 };
    expect(nextProblem(BAD, opened, context)).toMatchObject({ view: { name: 'control-plane' }, replaces: true });
    const whole = verdict({ etcd: [found('at-risk', 'etcd', null)], nodes: [found('degraded', 'node', 'b')] });
    const onFirst: View = { name: 'etcd', cursor: { member: 'm-1', index: 0 }, top: 0 };
    expect(nextProblem(whole, onFirst, context)).toMatchObject({ view: { name: 'node' } });
  });

  it('stops once at certificates that are as near their end, wherever the operator looks at one of them', () => {
    const ending = ['a', 'b', 'c'].map((name) => found('degraded', 'control-plane', name));
    const near = verdict({ certificates: ending, nodes: [found('degraded', 'node', 'b')] });
    expect(walk(near, 3).map(({ name }) => name)).toEqual(['control-plane', 'node', 'control-plane']);
    const onSecond: View = { name: 'control-plane', marked: { area: 'certificates', object: 'b' }, top: 0 };
    expect(nextProblem(near, onSecond, context)).toMatchObject({ view: { name: 'node' } });
    expect(nextProblem(verdict({ certificates: ending }), firstView, context).notice.sentence).toBe(
      'certificates: control-plane a and 2 more (all that is wrong)',
    );
  });

  it('calls an area by its name', () => {
    const one = verdict({ 'control-plane': [found('degraded', 'control-plane', 'x')] });
    expect(nextProblem(one, firstView, context).notice.sentence).toMatch(/^control plane: /);
  });

  it('says what is wrong, and which of how many that is', () => {
    expect(nextProblem(BAD, firstView, context).notice).toEqual({
      severity: 'critical',
      sentence: 'etcd: etcd m-2 (1 of 4, ! goes on)',
      during: 'at-risk',
    });
    const one = verdict({ nodes: [found('unknown', 'nodes', null)] });
    expect(nextProblem(one, { name: 'headroom', page: 0, top: 0 }, context)).toMatchObject({
      view: firstView,
      notice: { severity: 'note', sentence: 'nodes: nodes  (all that is wrong)' },
    });
  });

  it('says so when nothing is wrong, or nothing that a screen shows', () => {
    expect(nextProblem(verdict({ nodes: [found('healthy', 'node', 'a')] }), firstView, context)).toEqual({
      view: null,
      replaces: false,
      notice: { severity: 'note', sentence: 'Nothing is wrong.', during: 'healthy' },
    });
    const nowhere = verdict({ nodes: [{ severity: 'unknown', sentence: 'dark' }] });
    expect(nextProblem(nowhere, firstView, context).notice.sentence).toMatch(/^Nothing is known to be wrong/);
  });
});
