import { expect, test } from 'vitest';
import {
  initialInterface,
  step,
  topView,
  type Action,
  type InterfaceState,
  type Ticketed,
} from '../../source/console/interface-state.ts';
import { createNodeList } from '../../source/console/screens/nodes/node-list.ts';
import { createTheme } from '../../source/console/theme.ts';
import { planEdit } from '../../source/operations/plan.ts';
import { createStore } from '../../source/state/store.ts';
import { glanceOf } from './glance-of.ts';
import { clusterEvents, NOON } from './made-cluster.ts';

const store = createStore(clusterEvents());
const cluster = store.state;
const glance = glanceOf(store, NOON);
const listOf = createNodeList();

/** Applies actions in turn; gives what the interface is then, and all that was asked for. */
function after(
  state: InterfaceState,
  ...actions: readonly Action[]
): { state: InterfaceState; asked: readonly Ticketed[] } {
  const asked: Ticketed[] = [];
  let now = state;
  for (const action of actions) {
    const stepped = step(now, action, {
      ...glance,
      list: listOf(glance.nodes, now.views[0]),
      isListOld: false,
      columns: [],
      nodesView: now.views[0],
      mayWrite: true,
      readOnly: null,
      scenes: null,
      now: NOON,
      theme: createTheme({ colour: false, unicode: true }),
      width: 100,
      height: 30,
    });
    now = stepped.interface;
    asked.push(...stepped.requests);
  }
  return { state: now, asked };
}

const keys = (...names: readonly string[]): readonly Action[] => names.map((key) => ({ type: 'key', key }));
const planFor = (node: string) =>
  planEdit({ state: cluster, id: `plan-${node}`, readOnly: null }, [node], { kind: 'cordon' });

test('a late answer to a plan that was left changes nothing on the next one', () => {
  const { state, asked } = after(initialInterface([]), ...keys('c', 'escape', 'j', 'c'));
  expect(asked.map(({ request }) => request)).toEqual([
    { type: 'plan', nodes: ['bootstrap'], edit: { kind: 'cordon' } },
    { type: 'plan', nodes: ['master-1'], edit: { kind: 'cordon' } },
  ]);
  const [first, second] = asked.map(({ ticket }) => ticket);
  const late = after(state, { type: 'planned', ticket: first ?? -1, plan: planFor('bootstrap') });
  expect(topView(late.state)).toMatchObject({ name: 'plan', phase: 'planning', title: 'Cordon master-1' });
  const right = after(late.state, { type: 'planned', ticket: second ?? -1, plan: planFor('master-1') });
  expect(topView(right.state)).toMatchObject({ name: 'plan', phase: 'preview', title: 'Cordon master-1' });
});

test('an answer after the operator went back brings no screen up', () => {
  const { state, asked } = after(initialInterface([]), ...keys('c', 'escape'));
  const late = after(state, { type: 'planned', ticket: asked[0]?.ticket ?? -1, plan: planFor('bootstrap') });
  expect(late.state.views.map(({ name }) => name)).toEqual(['nodes']);
});

test('what is sent is the plan that was shown', () => {
  const { state, asked } = after(initialInterface([]), ...keys('c'));
  const plan = planFor('bootstrap');
  const shown = after(state, { type: 'planned', ticket: asked[0]?.ticket ?? -1, plan });
  const confirmed = after(shown.state, ...keys('y', 'y', 'y'));
  expect(confirmed.asked.map(({ request }) => request)).toEqual([{ type: 'apply', plan }]);
});

test('an operation can be taken back, an undo says nothing of the kind', () => {
  const ended = (name: 'cordon' | 'undo') => {
    const { state, asked } = after(initialInterface([]), ...keys('c'));
    const ticket = asked[0]?.ticket ?? -1;
    const plan = { ...planFor('bootstrap'), name };
    const results = [{ task: 'edit', node: 'bootstrap', state: 'done', why: null }] as const;
    return after(state, { type: 'planned', ticket, plan }, ...keys('y'), { type: 'applied', ticket, plan, results });
  };
  expect(ended('cordon').state.notice?.sentence).toBe('Cordon bootstrap: done. u takes it back.');
  expect(ended('undo').state.notice?.sentence).toBe('Cordon bootstrap: done.');
});
