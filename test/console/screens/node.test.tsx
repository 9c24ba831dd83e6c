import { expect, test } from 'vitest';
import type { ClusterEvent } from '../../../source/model/cluster-event.ts';
import { makeNode, makePod } from '../../state/made.ts';
import { clusterEvents, NOON } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

const POD_COUNT = 100;
const pods = Array.from({ length: POD_COUNT }, (_, at) =>
  makePod({ uid: `${at}`, name: `pod-${String(at).padStart(3, '0')}`, node: 'a' }),
);
const EVENTS: readonly ClusterEvent[] = [
  ...clusterEvents([makeNode({ name: 'a' })]),
  { type: 'list-started', at: NOON, resource: 'pods' },
  { type: 'listed', at: NOON, resource: 'pods', items: pods },
  { type: 'list-ended', at: NOON, resource: 'pods' },
  { type: 'status', at: NOON, resource: 'pods', status: { state: 'live' } },
];

test('pods that were scrolled to and are gone leave those that are left to be seen', async () => {
  const screen = openScreen({ columns: 120, rows: 24, events: EVENTS });
  await screen.untilText('sorted by');
  screen.press('\r');
  await screen.untilText('[overview]');
  screen.press('\t');
  await screen.untilText('pod-000');
  screen.press('G');
  await screen.untilText('pod-099');
  screen.store.dispatch({ type: 'deleted', at: NOON, resource: 'pods', uids: pods.slice(3).map(({ uid }) => uid) });
  await screen.untilText('pod-002');
  expect(screen.screen().filter((row) => row.includes('pod-0'))).toHaveLength(3);
});
