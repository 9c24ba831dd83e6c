import { expect, test } from 'vitest';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import { finished } from '../../source/model/headroom/steps.ts';
import { createSites } from '../../source/state/kept-site.ts';
import { createStore } from '../../source/state/store.ts';
import { makeClaim, makeNode, makePod, makeUsage } from './made.ts';

const changed = (event: Pick<Extract<ClusterEvent, { type: 'changed' }>, 'resource' | 'items'>): ClusterEvent =>
  ({ type: 'changed', at: 1, ...event }) as ClusterEvent;

const opened = () => {
  const store = createStore([changed({ resource: 'nodes', items: [makeNode({ name: 'node-1' })] })]);
  const sitesOf = createSites();
  return { store, site: () => sitesOf(store.state) };
};

test('the site is the same one while nothing of it changes', () => {
  const { store, site } = opened();
  const before = site();
  store.dispatch(changed({ resource: 'usage', items: [makeUsage({ uid: 'node-1' })] }));
  store.dispatch({ type: 'latency', at: 2, milliseconds: 3 });
  expect(site()).toBe(before);
});

test.each([
  { what: 'a pod', event: changed({ resource: 'pods', items: [makePod({ uid: 'pod-1', node: 'node-1' })] }) },
  { what: 'a node', event: changed({ resource: 'nodes', items: [makeNode({ name: 'node-2' })] }) },
  { what: 'a claim', event: changed({ resource: 'claims', items: [makeClaim({ name: 'data' })] }) },
  {
    what: 'how claims are seen',
    event: { type: 'status', at: 2, resource: 'claims', status: { state: 'denied', right: 'list claims', why: 'no' } },
  },
] as const)('$what changed: it is made anew', ({ event }) => {
  const { store, site } = opened();
  const before = site();
  store.dispatch(event);
  expect(site()).not.toBe(before);
  expect(site()).toBe(site());
});

test('pods take their room in it', () => {
  const { store, site } = opened();
  expect(site().places[0]?.taken.pods).toBe(0);
  store.dispatch(changed({ resource: 'pods', items: [makePod({ uid: 'pod-1', node: 'node-1' })] }));
  expect(site().places[0]?.taken).toMatchObject({ cpu: 100, pods: 1 });
});

test('its storage is the same one while pods and nodes alone change', () => {
  const { store, site } = opened();
  const { storage } = site();
  store.dispatch(changed({ resource: 'pods', items: [makePod({ uid: 'pod-1', node: 'node-1' })] }));
  expect(site().storage).toBe(storage);
  store.dispatch(changed({ resource: 'claims', items: [makeClaim({ name: 'data' })] }));
  expect(site().storage).not.toBe(storage);
});

test('a node that goes while a site is made bit by bit is not in it, however much changes meanwhile', () => {
  const nodes = Array.from({ length: 300 }, (_, at) => makeNode({ name: `node-${at}` }));
  const store = createStore([changed({ resource: 'nodes', items: nodes })]);
  const steps = createSites().steps(store.state);
  steps.next();
  const [first, ...others] = nodes;
  store.dispatch({ type: 'deleted', at: 2, resource: 'nodes', uids: [first?.uid ?? ''] });
  // More than is kept of what changed.
  for (let round = 0; round < 40; round += 1) store.dispatch(changed({ resource: 'nodes', items: others }));
  const { places } = finished(steps);
  expect(places.map(({ node }) => node.name).sort()).toEqual(others.map(({ name }) => name).sort());
});
