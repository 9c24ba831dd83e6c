import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESOURCES, type ClusterEvent, type Resource } from '../../source/model/cluster-event.ts';
import type { EventRow } from '../../source/model/kubernetes/event.ts';
import { isFinished, type PodRow } from '../../source/model/kubernetes/pod.ts';
import type { Picture } from '../../source/state/picture.ts';
import { emptyPicture } from '../../source/state/picture.ts';
import { EVENTS_A_NODE } from '../../source/state/event-shelf.ts';
import { reduce } from '../../source/state/reducer.ts';
import { sumOf } from '../../source/state/sums.ts';
import { makeEvent, makeNode, makePod } from './made.ts';

const after = (...events: readonly ClusterEvent[]): Picture => {
  const picture = emptyPicture();
  for (const event of events) reduce(picture, event);
  return picture;
};

const changedNodes = (...items: readonly ReturnType<typeof makeNode>[]): ClusterEvent => ({
  type: 'changed',
  at: 1,
  resource: 'nodes',
  items,
});
const changedPods = (...items: readonly PodRow[]): ClusterEvent => ({
  type: 'changed',
  at: 1,
  resource: 'pods',
  items,
});
const deleted = (resource: Resource, ...uids: readonly string[]): ClusterEvent => ({
  type: 'deleted',
  at: 1,
  resource,
  uids,
});

/** Groups of the pods by node, made afresh from the pods alone. */
function groupedByNode(pods: Iterable<PodRow>): Map<string, Map<string, PodRow>> {
  const groups = new Map<string, Map<string, PodRow>>();
  for (const pod of pods) {
    if (pod.node === null) continue;
    const group = groups.get(pod.node) ?? new Map<string, PodRow>();
    groups.set(pod.node, group.set(pod.uid, pod));
  }
  return groups;
}

function expectIndexesToHold(picture: Picture): void {
  const groups = groupedByNode(picture.pods.values());
  expect(picture.podsByNode).toEqual(groups);
  expect(picture.sumsByNode).toEqual(new Map([...groups].map(([node, pods]) => [node, sumOf(pods.values())])));
  expect(picture.pendingPods).toEqual(
    new Map([...picture.pods].filter(([, row]) => row.node === null && !isFinished(row) && !row.deleting)),
  );
  expect(picture.names.nodes).toEqual(new Map([...picture.nodes.values()].map((node) => [node.uid, node.name])));
  const events = [...picture.eventsByNode].flatMap(([node, rows]) => rows.map((row) => [row.uid, node] as const));
  expect(picture.eventNodes).toEqual(new Map(events));
}

const nodeName = fc.constantFrom('bootstrap', 'cp-2', 'cp-3', 'wrk-1');
/** Now and then as much as no machine has: a quantity is capped at 2^53-1. */
const amountUpTo = (most: number) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.nat(most) },
    { weight: 1, arbitrary: fc.integer({ min: Number.MAX_SAFE_INTEGER - most, max: Number.MAX_SAFE_INTEGER }) },
  );
const amounts = fc.record({
  cpu: amountUpTo(4_000),
  memory: amountUpTo(2 ** 33),
  ephemeralStorage: amountUpTo(2 ** 33),
});

const node = fc
  .record({ name: nodeName, uid: fc.constantFrom('n1', 'n2', 'n3', 'n4', 'n5', 'n6'), cordoned: fc.boolean() })
  // As in a cluster, a uid never moves to another name.
  .map(({ name, uid, cordoned }) => makeNode({ name, uid: `${name}/${uid}`, cordoned }));

const pod = fc
  .record({
    uid: fc.integer({ min: 1, max: 25 }).map((number) => `p${number}`),
    node: fc.option(nodeName),
    phase: fc.constantFrom('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'),
    requests: amounts,
    limits: amounts,
  })
  .map(makePod);

const event = fc
  .record({
    uid: fc.integer({ min: 1, max: 12 }).map((number) => `e${number}`),
    node: nodeName,
    at: fc.option(fc.nat(5)),
    count: fc.nat(9),
  })
  .map(makeEvent);

const items = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 4 });

const step: fc.Arbitrary<ClusterEvent> = fc.record({ at: fc.nat(1_000) }).chain(({ at }) =>
  fc.oneof(
    { weight: 3, arbitrary: items(node).map((items) => ({ type: 'changed', at, resource: 'nodes', items }) as const) },
    { weight: 6, arbitrary: items(pod).map((items) => ({ type: 'changed', at, resource: 'pods', items }) as const) },
    {
      weight: 3,
      arbitrary: items(event).map((items) => ({ type: 'changed', at, resource: 'events', items }) as const),
    },
    { weight: 2, arbitrary: items(pod).map((items) => ({ type: 'listed', at, resource: 'pods', items }) as const) },
    { weight: 1, arbitrary: items(node).map((items) => ({ type: 'listed', at, resource: 'nodes', items }) as const) },
    {
      weight: 4,
      arbitrary: fc
        .record({
          resource: fc.constantFrom('nodes', 'pods', 'events'),
          uids: items(fc.oneof(pod, node, event).map(({ uid }) => uid)),
        })
        .map((given) => ({ type: 'deleted', at, ...given }) as const),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({
          type: fc.constantFrom('list-started', 'list-ended', 'heard'),
          resource: fc.constantFrom('nodes', 'pods', 'events'),
        })
        .map((given) => ({ at, ...given }) as const),
    },
  ),
);

describe('the picture after any events', () => {
  it('has indexes and sums equal to a recount at every step', () => {
    let steps = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 60 }), (events) => {
        const picture = emptyPicture();
        for (const event of events) {
          reduce(picture, event);
          expectIndexesToHold(picture);
          steps += 1;
        }
      }),
      { numRuns: 60 },
    );
    expect(steps).toBeGreaterThan(2_000);
  });

  it('has sums equal to a recount after 100,000 events', () => {
    const picture = emptyPicture();
    const rows = fc.sample(pod, { numRuns: 2_000, seed: 7 });
    for (let step = 0; step < 100_000; step += 1) {
      // The stride has no common divisor with the rows, so that each meets many others before it comes again.
      const row = rows[(step * 1_237) % rows.length];
      if (row) reduce(picture, step % 7 === 0 ? deleted('pods', row.uid) : changedPods(row));
    }
    expect(picture.pods.size).toBeGreaterThan(10);
    expectIndexesToHold(picture);
  });

  it('equals a fresh list once a list has ended, whatever came before', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        items(node),
        items(pod),
        items(event),
        (before, nodes, pods, events) => {
          const list: ClusterEvent[] = [
            ...(['nodes', 'pods', 'events'] as const).map(
              (resource) => ({ type: 'list-started', at: 5, resource }) as const,
            ),
            { type: 'listed', at: 6, resource: 'nodes', items: nodes },
            { type: 'listed', at: 6, resource: 'pods', items: pods },
            { type: 'listed', at: 6, resource: 'events', items: events },
            ...(['nodes', 'pods', 'events'] as const).map(
              (resource) => ({ type: 'list-ended', at: 7, resource }) as const,
            ),
          ];
          const { nodes: shown, pods: shownPods, sumsByNode, podsByNode, eventsByNode } = after(...before, ...list);
          const fresh = after(...list);
          expect({ shown, shownPods, sumsByNode, podsByNode, eventsByNode }).toEqual({
            shown: fresh.nodes,
            shownPods: fresh.pods,
            sumsByNode: fresh.sumsByNode,
            podsByNode: fresh.podsByNode,
            eventsByNode: fresh.eventsByNode,
          });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is the same when the events went through JSON, as a recording does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (events) => {
        expect(after(...(JSON.parse(JSON.stringify(events)) as ClusterEvent[]))).toEqual(after(...events));
      }),
      { numRuns: 60 },
    );
  });
});

describe('nodes', () => {
  it('a node re-created with the same name takes the place of the old one, whose late deletion harms nobody', () => {
    const picture = after(
      changedNodes(makeNode({ name: 'wrk-1', uid: 'old', labels: { rack: 'a' } })),
      changedNodes(makeNode({ name: 'wrk-1', uid: 'new', labels: {} })),
      deleted('nodes', 'old'),
    );
    expect([...picture.nodes.values()].map(({ uid, labels }) => ({ uid, labels }))).toEqual([
      { uid: 'new', labels: {} },
    ]);
    expect(picture.names.nodes).toEqual(new Map([['new', 'wrk-1']]));
  });

  it('what was deleted while nobody watched stays shown until the list has ended', () => {
    const [kept, gone] = [makeNode({ name: 'kept' }), makeNode({ name: 'gone' })];
    const before: ClusterEvent[] = [
      changedNodes(kept, gone),
      { type: 'list-started', at: 2, resource: 'nodes' },
      { type: 'listed', at: 3, resource: 'nodes', items: [kept] },
    ];
    expect([...after(...before).nodes.keys()]).toEqual(['kept', 'gone']);
    expect([...after(...before, { type: 'list-ended', at: 4, resource: 'nodes' }).nodes.keys()]).toEqual(['kept']);
  });

  it('a list that broke off and began again forgets what its first try had named', () => {
    const [first, second] = [makeNode({ name: 'first' }), makeNode({ name: 'second' })];
    const picture = after(
      { type: 'list-started', at: 1, resource: 'nodes' },
      { type: 'listed', at: 2, resource: 'nodes', items: [first] },
      { type: 'list-started', at: 3, resource: 'nodes' },
      { type: 'listed', at: 4, resource: 'nodes', items: [second] },
      { type: 'list-ended', at: 5, resource: 'nodes' },
    );
    expect([...picture.nodes.keys()]).toEqual(['second']);
  });
});

describe('pods', () => {
  it('a pod that is bound later counts from then on, also for a node that nobody knows', () => {
    const pending = makePod({ uid: 'p', node: null, phase: 'Pending' });
    expect(after(changedPods(pending)).sumsByNode.size).toBe(0);
    expect(after(changedPods(pending), changedPods({ ...pending, node: 'ghost' })).sumsByNode.get('ghost')).toEqual(
      sumOf([{ ...pending, node: 'ghost' }]),
    );
  });

  it('a pod that finished frees what it requested and still counts as a pod of the node', () => {
    const pod = makePod({ uid: 'p', node: 'wrk-1' });
    const { requests, pods } = after(changedPods(pod), changedPods({ ...pod, phase: 'Succeeded' })).sumsByNode.get(
      'wrk-1',
    ) ?? { requests: null, pods: null };
    expect(requests).toEqual({ cpu: 0, memory: 0, ephemeralStorage: 0 });
    expect(pods).toEqual({ active: 0, running: 0, total: 1 });
  });

  it('a pod that asks for more than can be counted leaves no trace when it goes', () => {
    const row = (uid: string, memory: number) =>
      makePod({ uid, node: 'wrk-1', requests: { cpu: 0, memory, ephemeralStorage: 0 } });
    const memoryAfter = (...events: readonly ClusterEvent[]) =>
      after(...events).sumsByNode.get('wrk-1')?.requests.memory;
    const [huge, small] = [row('huge', Number.MAX_SAFE_INTEGER - 50), row('small', 100)];
    expect(memoryAfter(changedPods(huge, small))).toBe(Number.MAX_SAFE_INTEGER);
    expect(memoryAfter(changedPods(huge, small), deleted('pods', 'huge'))).toBe(100);
    expect(memoryAfter(changedPods(huge, small), changedPods({ ...huge, node: 'wrk-2' }))).toBe(100);
    expect(memoryAfter(changedPods(huge, small), changedPods({ ...huge, phase: 'Failed' }))).toBe(100);
  });

  it('the last pod of a node takes the entry of the node with it', () => {
    const picture = after(changedPods(makePod({ uid: 'p', node: 'wrk-1' })), deleted('pods', 'p'));
    expect([picture.podsByNode.size, picture.sumsByNode.size]).toEqual([0, 0]);
  });
});

describe('events', () => {
  const changedEvents = (...items: readonly EventRow[]): ClusterEvent => ({
    type: 'changed',
    at: 1,
    resource: 'events',
    items,
  });
  const uids = (picture: Picture) => picture.eventsByNode.get('wrk-1')?.map(({ uid }) => uid);

  it('stand in the order of their times, those without a time first, however they came', () => {
    const row = (uid: string, at: number | null) => makeEvent({ uid, node: 'wrk-1', at });
    expect(uids(after(changedEvents(row('c', 3), row('a', 1), row('none', null), row('b', 2))))).toEqual([
      'none',
      'a',
      'b',
      'c',
    ]);
    expect(uids(after(changedEvents(row('a', 1), row('b', 2)), changedEvents(row('a', 9))))).toEqual(['b', 'a']);
  });

  it('are bounded a node: the oldest go', () => {
    const rows = Array.from({ length: EVENTS_A_NODE + 5 }, (_, at) => makeEvent({ uid: `e${at}`, node: 'wrk-1', at }));
    const picture = after(changedEvents(...rows));
    expect(picture.eventsByNode.get('wrk-1')).toEqual(rows.slice(5));
    expectIndexesToHold(picture);
  });
});

describe('what is known of the view itself', () => {
  it('every event about a resource says when it was heard, except a status that is not live', () => {
    const at = (event: ClusterEvent) => after(event).resources.nodes.heardAt;
    expect(at({ type: 'heard', at: 7, resource: 'nodes' })).toBe(7);
    expect(at({ type: 'status', at: 7, resource: 'nodes', status: { state: 'live' } })).toBe(7);
    expect(at({ type: 'status', at: 7, resource: 'nodes', status: { state: 'stale', since: 3, why: 'x' } })).toBeNull();
    expect(at({ type: 'changed', at: 7, resource: 'nodes', items: [] })).toBe(7);
  });

  it('revisions rise with each change of their part, and only of theirs', () => {
    const { revision } = after(
      changedNodes(makeNode({ name: 'a' })),
      changedPods(makePod({ uid: 'p' })),
      deleted('pods', 'p'),
      { type: 'latency', at: 1, milliseconds: 8 },
      { type: 'rights', at: 1, rights: { patchNodes: false } },
    );
    const untouched = Object.fromEntries(RESOURCES.map((resource) => [resource, 0]));
    expect(revision).toEqual({ ...untouched, asked: 0, nodes: 1, pods: 2, server: 2, resources: 3 });
  });

  it('a view that was kept does not change with the picture', () => {
    const picture = after({ type: 'heard', at: 7, resource: 'nodes' });
    const kept = picture.resources.nodes;
    reduce(picture, { type: 'status', at: 8, resource: 'nodes', status: { state: 'live' } });
    expect(kept).toEqual({ status: { state: 'absent', why: 'not asked yet' }, heardAt: 7 });
  });
});
