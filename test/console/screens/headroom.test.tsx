import { describe, expect, test } from 'vitest';
import type { ClusterEvent, Resource } from '../../../source/model/cluster-event.ts';
import { makeNode } from '../../state/made.ts';
import { KEYS } from '../emulator.ts';
import { fullCluster, live } from '../full-cluster.ts';
import { clusterEvents, NODES, NOON } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

type Screen = ReturnType<typeof openScreen>;

async function opened(options: Parameters<typeof openScreen>[0] = {}): Promise<Screen> {
  const screen = openScreen({ events: fullCluster(), ...options });
  await screen.untilText('sorted by');
  return screen;
}

/** On the list, with the cursor on a node. */
async function on(name: string, options: Parameters<typeof openScreen>[0] = {}): Promise<Screen> {
  const screen = await opened(options);
  screen.press(`/${name}`);
  await screen.untilText(`filter: ${name}`);
  screen.press(KEYS.enter);
  await screen.until((rows) => rows.some((row) => row.startsWith(`> ${name}`)), name);
  return screen;
}

const text = (screen: Screen): string => screen.screen().join('\n');
/** The text without what wraps it into rows. */
const flat = (screen: Screen): string => text(screen).replace(/\s+/g, ' ');
const rowOf = (screen: Screen, start: string): string => screen.screen().find((row) => row.startsWith(start)) ?? '';
const status = (resource: Resource, state: Extract<ClusterEvent, { type: 'status' }>['status']): ClusterEvent => ({
  type: 'status',
  at: NOON,
  resource,
  status: state,
});

describe('headroom', () => {
  test('the sums of the cluster, and of each kind of node', async () => {
    const screen = await opened();
    screen.press('h');
    await screen.untilText('By role');
    expect(rowOf(screen, '  cluster').split(/\s+/)).toEqual(
      '|cluster|1/6|22.8|10.1|7.6|3|12.7|0.5|42Gi|21.7Gi|4.8Gi|15Gi|20.3Gi|-1.2Gi'.split('|'),
    );
    expect(flat(screen)).toContain('By group each node once');
    expect(flat(screen)).toContain('By role a node counts under each of its roles');
    expect(flat(screen)).toContain('used: 5 of 6 nodes are measured.');
  });

  test('what does not fit beside the rest is behind Tab, and back again', async () => {
    const screen = await opened({ columns: 80, rows: 24 });
    screen.press('h');
    await screen.untilText('columns 1 of 3');
    screen.press(KEYS.tab);
    await screen.untilText('LIMITS');
    screen.press(KEYS.tab);
    await screen.untilText('EPHEMERAL STORAGE');
    screen.press(KEYS.tab);
    await screen.untilText('columns 1 of 3');
    screen.press(KEYS.shiftTab);
    await screen.untilText('EPHEMERAL STORAGE');
    screen.press(KEYS.end);
    await screen.untilText('What the roles need');
    screen.press(KEYS.escape);
    await screen.untilText('sorted by');
  });

  test('Tab is offered where there are more columns, and not where all stand side by side', async () => {
    const wide = await opened({ columns: 200, rows: 60 });
    wide.press('h');
    await wide.untilText('By role');
    expect(text(wide)).not.toContain('more columns');
    wide.resize(193, 60);
    await wide.untilText('Tab more columns');
  });

  test('machines that are too small for their roles are named', async () => {
    const small = (name: string, cpu: number) =>
      makeNode({
        name,
        labels: { 'node-role.kubernetes.io/infra': '' },
        capacity: { cpu, memory: 8 * 2 ** 30, ephemeralStorage: 0, pods: 110 },
      });
    const screen = await opened({ events: clusterEvents([small('tiny', 500), small('narrow', 900)]) });
    screen.press('h');
    await screen.untilText('By role');
    screen.press(KEYS.end);
    await screen.untilText('X Undersized, they have less than their roles need: tiny.');
    expect(text(screen)).toContain('! Tight, they have less than that with its margin: narrow.');
    expect(screen.screen().findLast((row) => row.startsWith('  infra'))).toContain('X 1 undersized  ! 1 tight');
  });

  const demandOf = (screen: Screen, name: string): string =>
    screen.screen().findLast((row) => row.startsWith(`  ${name} `)) ?? '';

  test('beside what the roles need stands what their nodes have, at 80 columns too', async () => {
    const GB = 1e9;
    const infra = (name: string, cpu: number) =>
      makeNode({
        name,
        labels: { 'node-role.kubernetes.io/infra': '' },
        capacity: { cpu, memory: 8 * GB, ephemeralStorage: 0, pods: 110 },
      });
    const plain = makeNode({ name: 'plain', capacity: { cpu: 2_000, memory: null, ephemeralStorage: 0, pods: 110 } });
    const screen = await opened({
      columns: 80,
      rows: 40,
      events: clusterEvents([infra('tiny', 500), infra('narrow', 900), plain]),
    });
    screen.press('h');
    await screen.untilText('What the roles need');
    expect(
      screen
        .screen()
        .find((row) => row.includes('+50%'))
        ?.split(/\s+/)
        .filter((one) => one !== ''),
    ).toEqual('CPU|+50%|HAS|MEM|GB|+50%|HAS'.split('|'));
    expect(demandOf(screen, 'infra').trim().split(/\s+/)).toEqual('infra|1.4|2.1|1.4|5|7.5|16|X|1|!|1'.split('|'));
    expect(demandOf(screen, 'cluster').trim().split(/\s+/).slice(0, 7)).toEqual(
      'cluster|1.6|2.4|3.4|5.5|8.25|?'.split('|'),
    );
  });

  test('a dash where no pod has limits, never a zero', async () => {
    const screen = await opened({ events: clusterEvents([makeNode({ name: 'alone' })]) });
    screen.press('h');
    await screen.untilText('By group');
    const [limits, memoryLimits] = [5, 11];
    const cells = rowOf(screen, '  cluster').split(/\s+/);
    expect([cells[limits], cells[memoryLimits]]).toEqual(['-', '-']);
  });

  test.each([
    { name: 'pods are denied', status: { state: 'denied', right: 'list pods', why: 'no' } as const, says: 'list pods' },
    { name: 'pods are being read', status: { state: 'loading', loaded: 1, total: null } as const, says: 'being read' },
  ])('$name: what is taken and free is unknown, never zero', async ({ status: given, says }) => {
    const events = clusterEvents().filter(
      (event) => !('resource' in event) || event.resource !== 'pods' || event.type === 'list-started',
    );
    const screen = await opened({ events: [...events, status('pods', given)] });
    screen.press('h');
    await screen.untilText('By role');
    const cluster = rowOf(screen, '  cluster').split(/\s+/).slice(3);
    expect(cluster).toEqual(['22.8', '?', '?', '-', '?', '?', '42Gi', '?', '?', '-', '?', '?']);
    expect(flat(screen)).toContain('? what pods take is not known:');
    expect(text(screen)).toContain(says);
    expect(text(screen)).toContain('- used is not known');
    screen.press('f');
    await screen.untilText('What one pod asks for');
    screen.press('cpu=1');
    await screen.untilText('It cannot be told');
    screen.press(KEYS.escape);
    await screen.untilText('By role');
    screen.press('p');
    await screen.untilText('which pods wait is not known');
  });

  test('a node that does not say what it offers is in no sum, and that is said', async () => {
    const silent = makeNode({
      name: 'silent',
      capacity: { cpu: null, memory: null, ephemeralStorage: null, pods: null },
      allocatable: { cpu: null, memory: null, ephemeralStorage: null, pods: null },
    });
    const screen = await opened({ events: clusterEvents([silent]) });
    screen.press('h');
    await screen.untilText('By group');
    expect(rowOf(screen, '  cluster').split(/\s+/).slice(3, 5)).toEqual(['?', '0']);
    expect(flat(screen)).toContain('1 of 1 nodes do not say all of what they offer');
  });
});

describe('if a node is lost', () => {
  test('what goes where, what stays pending, what cannot move, what is gone', async () => {
    const screen = await on('worker-1');
    screen.press('x');
    await screen.untilText('If worker-1 is lost');
    const told = flat(screen);
    expect(told).toContain('8 pods must move. X 8 pods would stay Pending: no other node takes them.');
    expect(told).toContain('No open node left for workloads.');
    expect(told).toContain('! 1 pod cannot move: its volume is on the node.');
    expect(told).toContain('! 1 pod would be gone: no controller makes it anew.');
    expect(told).toContain('1 pod of daemon sets, or static, goes with the node.');
    expect(told).toContain('Cannot move: 1 their volumes are on the node shop/db-0');
    expect(told).toContain('Would be gone: 1 no controller makes them anew shop/debug');
    expect(told).toContain('! Some of these pods ask for affinity between pods, which is not looked at.');
  });

  test('pods that find a place are told with it', async () => {
    const screen = await on('worker-2', { events: clusterEvents() });
    screen.press('x');
    await screen.untilText('If worker-2 is lost');
    expect(flat(screen)).toContain('7 pods must move and find room.');
    expect(text(screen)).toMatch(/shop\/app-0 {2}cpu 0\.25 .* to worker-1/);
    expect(flat(screen)).toContain('An estimate by requests, node selectors');
    expect(text(screen)).not.toContain('Some of these pods');
  });

  test('from the headroom it is the largest node', async () => {
    const screen = await opened();
    screen.press('h');
    await screen.untilText('By role');
    screen.press('x');
    await screen.untilText('the largest node, is lost');
  });

  test('where pods are not known nothing is said of a loss', async () => {
    const screen = await on('worker-1', {
      events: [
        ...clusterEvents().filter((event) => !('resource' in event) || event.resource !== 'pods'),
        status('pods', { state: 'denied', right: 'list pods', why: 'Pods cannot be listed.' }),
      ],
    });
    screen.press('x');
    await screen.untilText('If worker-1 is lost');
    expect(flat(screen)).toContain('? It is not known: the right "list pods" is missing.');
    expect(flat(screen)).not.toMatch(/must move|left for workloads/);
  });

  test('a node that goes away meanwhile', async () => {
    const screen = await on('worker-2');
    screen.press('x');
    await screen.untilText('If worker-2 is lost');
    screen.store.dispatch({ type: 'deleted', at: NOON, resource: 'nodes', uids: ['uid-of-worker-2'] });
    await screen.untilText('The node worker-2 is no longer in the cluster');
  });
});

describe('what would fit', () => {
  test('is answered while it is typed', async () => {
    const screen = await opened({ events: [...clusterEvents(), ...live('usage', [])] });
    screen.press('f');
    await screen.untilText('What one pod asks for');
    screen.press('cpu=1');
    await screen.untilText('Yes, it fits. 2 fit in all.');
    expect(flat(screen)).toContain('Where how many fit on each of 1 node 2 worker-1');
    screen.press(',replicas=3');
    await screen.untilText('No, only 2 of 3 fit.');
    expect(flat(screen)).toContain('it has the taint node-role.kubernetes.io/infra:NoSchedule (2 nodes)');
    expect(flat(screen)).toContain('it is cordoned (1 node)');
    screen.press('\u0015');
    await screen.untilGone('No, only');
    screen.press('cpu=9');
    await screen.untilText('No, not one fits.');
  });

  test.each([
    ['cpu', '"cpu" is not NAME=QUANTITY'],
    ['cpu=-1', 'cpu must not be negative'],
    ['disk=1', '"disk" is none of cpu, memory'],
    ['replicas=1.5', 'replicas must be a whole number'],
  ])('%s is told in one sentence', async (typed, says) => {
    const screen = await opened();
    screen.press('f');
    await screen.untilText('What one pod asks for');
    screen.press(typed);
    await screen.untilText(says);
    expect(flat(screen)).toContain(`! fit "${typed}": `);
  });

  test('letters that are keys elsewhere are typed, a paste too, and Esc goes back', async () => {
    const screen = await opened();
    screen.press('f');
    await screen.untilText('What one pod asks for');
    screen.press('qhpx?');
    await screen.untilText('fits  qhpx?');
    screen.press('\u0015\u001b[200~memory=1Gi\u001b[201~');
    await screen.untilText('fits  memory=1Gi');
    screen.press(KEYS.escape);
    await screen.untilText('sorted by');
    expect(screen.requests).toEqual([]);
  });

  test('where it fits on many nodes, the answer is paged', async () => {
    const nodes = Array.from({ length: 60 }, (_, index) =>
      makeNode({ name: `node-${String(index).padStart(2, '0')}` }),
    );
    const screen = await opened({ columns: 80, rows: 24, events: clusterEvents([...NODES, ...nodes]) });
    screen.press('f');
    await screen.untilText('What one pod asks for');
    screen.press('cpu=1');
    await screen.untilText(' rows ');
    screen.press('\u001b[6~\u001b[6~\u001b[6~\u001b[6~\u001b[6~');
    await screen.untilText('Why not elsewhere');
  });
});
