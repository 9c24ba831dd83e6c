import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../../source/model/cluster-event.ts';
import { KEYS } from '../emulator.ts';
import { controlPlaneEvents, etcdEvents, MEMBERS, troubledEtcd } from '../etcd-cluster.ts';
import { clusterEvents, NOON } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

type Screen = ReturnType<typeof openScreen>;
type Options = NonNullable<Parameters<typeof openScreen>[0]>;

async function opened(keys: string, shows: string, options: Options = {}): Promise<Screen> {
  const screen = openScreen({ events: etcdEvents(), ...options });
  await screen.untilText('sorted by');
  screen.press(keys);
  await screen.untilText(shows);
  return screen;
}

const text = (screen: Screen): string => screen.screen().join('\n');
/** The text without what wraps it into rows. */
const flat = (screen: Screen): string => text(screen).replace(/\s+/g, ' ');
const rowOf = (screen: Screen, name: string): string =>
  screen.screen().find((row) => row.slice(2).startsWith(`${name} `)) ?? '';

const [FIRST, SECOND, THIRD] = MEMBERS as readonly [
  (typeof MEMBERS)[number],
  (typeof MEMBERS)[number],
  (typeof MEMBERS)[number],
];
const MINUTE = 60_000;
const MIB = 2 ** 20;

describe('the members of etcd', () => {
  test('a healthy etcd says in its first row how many more may fail, and has nothing to do', async () => {
    const screen = await opened('e', 'CAN LOSE 1');
    expect(text(screen)).toContain(' etcd  3 of 3 members · quorum 2 · CAN LOSE 1');
    expect(text(screen)).toContain('One more member may fail; if 2 do, nothing can be changed in the cluster.');
    expect(rowOf(screen, 'master-1')).toMatch(/follower +ok +3\.5\.15 +2ms +4ms +7\.9ms +413Mi +59% +0/);
    expect(text(screen).split('QUOTA')[1]).not.toMatch(/ [X!] .*(?:etcd|member|Defragment)/);
    expect(text(screen)).toContain('at this growth, 13.7Mi a day, full in 119 days');
    expect(text(screen)).toContain('ALARMS      none');
  });

  test('a member that does not answer keeps its last figures, and is said to be silent for how long', async () => {
    const screen = await opened('e', 'CAN LOSE 0', {
      events: etcdEvents([FIRST, SECOND, { ...THIRD, lostSince: NOON - 4 * MINUTE }]),
    });
    expect(rowOf(screen, 'master-2')).toMatch(/\? +X no answer 4m +3\.5\.15 +2ms +4ms +7\.9ms +413Mi/);
    expect(flat(screen)).toContain('X master-2 is not well (no answer 4m): look at its machine');
    expect(flat(screen)).toContain('connect: connection refused');
    expect(text(screen)).toContain('Every member that is left is needed');
  });

  test('a figure that nobody tells is a question mark, never a zero', async () => {
    const untold = {
      fsync: null,
      commit: null,
      roundTrips: {},
      dbSize: null,
      dbSizeInUse: null,
      committed: null,
      applied: null,
      leaderChanges: null,
      failedProposals: null,
      slowApplies: null,
      peerFailures: null,
      defragmentations: null,
      quota: null,
      version: null,
    };
    const screen = await opened('e', 'quorum 2', {
      events: etcdEvents(MEMBERS.map((member) => ({ ...member, given: untold }))),
    });
    expect(rowOf(screen, 'master-1')).toMatch(/^ {2}master-1 +follower +ok( +\?){7} *$/);
    expect(flat(screen)).toContain('LAST 54m ? the member does not tell it');
    expect(text(screen)).toContain('QUOTA       ?, growth not known');
    expect(text(screen)).toMatch(/FRAGMENTED +\?/);
    expect(text(screen)).toContain('no curve yet: it takes two looks at a member');
  });

  test('before anything was told every member is asked about, and nothing is claimed', async () => {
    const screen = await opened('e', 'quorum not known', { events: clusterEvents() });
    expect(flat(screen)).toContain('do nothing that could cost one');
    expect(rowOf(screen, 'bootstrap')).toMatch(/\? +\? not asked yet/);
    expect(text(screen)).not.toMatch(/CAN LOSE|NO QUORUM/);
  });

  test('a full etcd is told before how many members may fail, with the key that mends it', async () => {
    const screen = await opened('e', 'ALARMS      X NOSPACE', {
      events: etcdEvents(MEMBERS, [{ member: SECOND.id, kind: 'NOSPACE' }]),
    });
    expect(flat(screen)).toContain('etcd is full: nothing can be changed in the cluster');
    expect(flat(screen)).toContain('compact it, defragment each member, then disarm. A plans it.');
    const reading = await opened('e', 'ALARMS      X NOSPACE', {
      events: etcdEvents(MEMBERS, [{ member: SECOND.id, kind: 'NOSPACE' }]),
      readOnly: 'Nothing can be written here.',
    });
    expect(flat(reading)).not.toContain('A plans it');
  });

  test('what is beyond what etcd wants is yellow, what is beyond the alert of the product is red', async () => {
    const screen = await opened('e', '! 16ms', { events: etcdEvents([{ ...FIRST, fsync: 0.014 }, SECOND, THIRD]) });
    expect(flat(screen)).toContain('it leads, so every change waits for it. L plans it.');
    await opened('e', 'X 97% of 2Gi taken in bootstrap, 47.4Mi left', {
      events: etcdEvents([{ ...FIRST, dbSize: 2_000 * MIB }, SECOND, THIRD]),
    });
  });

  test('the cursor stays on its member, and Enter shows all of its figures', async () => {
    const screen = await opened('ej', 'CAN LOSE 1');
    await screen.until((rows) => rows.some((row) => row.startsWith('> master-1')), 'the cursor');
    const earlier = { ...FIRST, node: 'a-node', id: '77' };
    for (const event of etcdEvents([FIRST, SECOND, THIRD, earlier])) screen.store.dispatch(event);
    await screen.untilText('quorum 3');
    expect(screen.screen().filter((row) => row.startsWith('>'))).toEqual([expect.stringMatching(/^> master-1/)]);
    screen.press(KEYS.enter);
    await screen.untilText('backend commit');
    expect(text(screen)).toContain(' etcd member master-1');
    expect(text(screen)).toContain('8e9e05c52164694d');
    screen.press(KEYS.escape);
    await screen.untilText('quorum 3');
  });

  test('a member that is gone while its page is open', async () => {
    const screen = await opened(`e${KEYS.enter}`, 'backend commit');
    for (const event of etcdEvents([SECOND, THIRD]).slice(-1)) screen.store.dispatch(event);
    await screen.untilText('This member is no longer known: Esc goes back.');
  });

  test('on a low terminal the table and what to do stay, the curves go', async () => {
    const screen = await opened('e', 'CAN LOSE 0', { columns: 80, rows: 20, events: troubledEtcd() });
    expect(text(screen)).not.toContain('last hour');
    const place = 'of 15 rows: PgDn and PgUp show the others';
    expect(text(screen)).toContain(place);
    expect(flat(screen)).toContain('X etcd is full and takes no more changes');
    for (let pages = 0; pages < 3; pages += 1) screen.press(KEYS.pageDown);
    await screen.untilText('FRAGMENTED');
    expect(text(screen)).toMatch(/-15 of 15 rows/);
    screen.press(KEYS.pageUp);
    await screen.until((rows) => !rows.some((row) => row.includes('-15 of 15 rows')), 'a page up');
    expect(rowOf(screen, 'master-2')).toContain('no answer');
    screen.resize(40, 10);
    await screen.until((rows) => rows.length === 10 && rows.some((row) => row.includes('etcd')), 'a small screen');
  });

  test('nine members scroll under the cursor', async () => {
    const nine = Array.from({ length: 9 }, (_, index) => ({
      node: `m-${index}`,
      id: `${index + 1}`,
      isLeader: index === 0,
    }));
    const screen = await opened('e', 'm-0', { columns: 80, rows: 16, events: etcdEvents(nine) });
    screen.press(KEYS.end);
    await screen.until((rows) => rows.some((row) => row.startsWith('> m-8')), 'the last member');
  });
});

describe('the control plane', () => {
  const events: readonly ClusterEvent[] = controlPlaneEvents();

  test('what is wrong comes first, then every part', async () => {
    const screen = await opened('C', 'Static pods', { events, rows: 70 });
    expect(text(screen)).toContain('! scheduler of master-2 is down.');
    expect(rowOf(screen, ' bootstrap')).toMatch(/ok +ok +ok +ok +ok +ok +ok/);
    expect(rowOf(screen, ' master-2')).toMatch(/ok +X CrashLoopBackOff \(7\) +ok +ok +- +- +ok/);
    expect(text(screen)).toMatch(/master-1 +https:\/\/10\.1\.0\.12:6443 +4ms +11ms +! live, not ready: etcd fails/);
    expect(text(screen)).toMatch(/master-2 +https:\/\/10\.1\.0\.13:6443 +\? +\? +X no answer for 4m/);
    expect(text(screen)).toMatch(/kube-scheduler +master-1 leads, renewed 1s before it was asked/);
    expect(text(screen)).toMatch(/X over +2026-01-29 +client of the kubeconfig +the kubeconfig +expired/);
    expect(text(screen)).toMatch(/! 40d +2026-03-12 +control-plane ingress/);
    expect(text(screen)).toMatch(/212d +2026-08-31 +API server +bootstrap +holds/);
    expect(text(screen)).toContain('newest 5h59m ago, copied to master-1');
    expect(text(screen)).toMatch(/CoreDNS +! 1\/2/);
    expect(text(screen)).toMatch(/Calico +6\/6/);
    expect(text(screen)).toMatch(/Prometheus +\? not known/);
  });

  test('what nobody told is not known, part by part, and is never none', async () => {
    const screen = await opened('C', 'Control plane', { events: clusterEvents(), rows: 70 });
    expect(text(screen)).toMatch(/kube-scheduler +\? not known: not asked yet/);
    expect(flat(screen)).toContain('Certificates those that can be read from here');
    expect(flat(screen)).toContain("Backup the product's own, by the Jobs that copy it to the masters ? not known");
    expect(text(screen)).not.toMatch(/ 0\/0 | 0d /);
  });

  test('it is scrolled to its end', async () => {
    const screen = await opened('C', 'Control plane', { events, columns: 80, rows: 24 });
    screen.press(KEYS.end);
    await screen.untilText('Fluent Bit');
  });
});

describe('where the operator looks', () => {
  test('is told when a screen is shown and left; help and plans that cover it change nothing', async () => {
    const screen = await opened('e', 'CAN LOSE 1');
    expect(screen.attended).toEqual(['elsewhere', 'elsewhere', 'etcd']);
    screen.press('?');
    await screen.untilText('Keys of');
    screen.press(KEYS.escape);
    await screen.untilText('CAN LOSE 1');
    screen.press(KEYS.enter);
    await screen.untilText('backend commit');
    expect(screen.attended.slice(3)).toEqual([]);
    screen.press(KEYS.escape);
    await screen.untilText('CAN LOSE 1');
    screen.press('C');
    await screen.untilText('Static pods');
    expect(screen.attended.at(-1)).toBe('control-plane');
    screen.press(KEYS.escape);
    await screen.untilText('CAN LOSE 1');
    screen.press(KEYS.escape);
    await screen.untilText('sorted by');
    expect(screen.attended.at(-1)).toBe('elsewhere');
  });
});
