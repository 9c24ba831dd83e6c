import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { ClusterEvent } from '../../../source/model/cluster-event.ts';
import { ANYWHERE, type Unmodelled } from '../../../source/model/kubernetes/placement.ts';
import { makeEvent, makeNode, makePod } from '../../state/made.ts';
import { KEYS } from '../emulator.ts';
import { clusterEvents, NOON } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

const NASTY = [
  '\u001b[2J\u001b[31mred',
  '\u001b]0;title\u0007',
  'new\nline\r\ttab',
  '\u202eright to left',
  'zero\u200bwidth',
  '日本語のラベル',
  'e\u0301\u0302 combining',
  '👩‍👩‍👧 family',
  '\u009b31m',
];

const nasty = NASTY.join(' ');
/** Names that every object has of itself: a label or a condition may bear them too. */
const INHERITED = ['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty'];
const labels: Record<string, string> = Object.fromEntries([
  ...NASTY.map((text, index): [string, string] => [`key-${index}-${text}`, text]),
  ...INHERITED.map((key): [string, string] => [key, key]),
]);

const EVIL = makeNode({
  name: 'node-\u001b[1mbold',
  capacity: { cpu: 100, memory: 2 ** 30, ephemeralStorage: null, pods: 110 },
  labels,
  annotations: { note: nasty, constructor: nasty },
  taints: [
    ...[...NASTY, ...INHERITED].map((text) => ({ key: text, value: text, effect: text, timeAdded: null })),
    { key: nasty, value: nasty, effect: 'NoSchedule', timeAdded: null },
  ],
  conditions: [
    { type: 'Ready', status: 'constructor', reason: nasty, message: nasty, since: 0 },
    ...INHERITED.map((type) => ({ type, status: 'True', reason: type, message: nasty, since: 0 })),
  ],
  addresses: [{ type: 'InternalIP', address: nasty }],
  system: { kubelet: nasty, containerRuntime: nasty, operatingSystem: nasty, kernel: nasty, architecture: nasty },
});

const events: readonly ClusterEvent[] = [
  ...clusterEvents([EVIL]),
  {
    type: 'changed',
    at: NOON,
    resource: 'pods',
    items: [
      makePod({
        uid: 'evil',
        name: nasty,
        namespace: nasty,
        status: nasty,
        node: EVIL.name,
        placement: { ...ANYWHERE, unmodelled: [nasty as Unmodelled] },
      }),
      makePod({ uid: 'evil-bare', name: nasty, namespace: nasty, owner: null, node: EVIL.name }),
      makePod({
        uid: 'evil-pending',
        name: nasty,
        namespace: nasty,
        phase: 'Pending',
        owner: { kind: nasty, name: nasty },
        unscheduled: nasty,
        placement: { ...ANYWHERE, selector: { [nasty]: nasty, constructor: nasty }, unmodelled: [nasty as Unmodelled] },
        claims: [nasty],
      }),
    ],
  },
  {
    type: 'changed',
    at: NOON,
    resource: 'events',
    items: [makeEvent({ uid: 'evil', node: EVIL.name, reason: nasty, message: nasty, type: 'Warning' })],
  },
];

/** What each piece of NASTY would do to a terminal, were it written as it is. */
const COMMANDS = ['\u001b[2J', '\u001b]0;', '\u009b', '\u202e', '\u200b', '\u200d'];

test.each([
  { where: 'the list and its pane', keys: [] },
  { where: 'the overview', keys: [[KEYS.enter, 'Conditions']] },
  {
    where: 'the pods',
    keys: [
      [KEYS.enter, 'Conditions'],
      [KEYS.tab, 'CPU REQ'],
    ],
  },
  {
    where: 'the events',
    keys: [
      [KEYS.enter, 'Conditions'],
      [KEYS.tab, 'CPU REQ'],
      [KEYS.tab, 'REASON'],
    ],
  },
  {
    where: 'the labels',
    keys: [
      [KEYS.enter, 'Conditions'],
      [KEYS.shiftTab, 'Annotations'],
    ],
  },
  {
    where: 'the form for labels',
    keys: [
      ['l', 'Labels of'],
      [' ', 'will be removed'],
      ['j', 'will be removed'],
      ['e', 'KEY- removes one'],
    ],
  },
  {
    where: 'the form for taints',
    keys: [
      ['t', 'Taints of'],
      ['a', 'will be removed'],
      [KEYS.enter, 'taint key'],
    ],
  },
  { where: 'the preview', keys: [['c', 'The same with kubectl']] },
  {
    where: 'the form for roles',
    keys: [
      ['o', 'Roles of'],
      [' ', 'will be given'],
      [KEYS.enter, 'The same with kubectl'],
    ],
  },
  { where: 'the headroom', keys: [['h', 'roles need: node-']] },
  { where: 'a loss', keys: [['x', 'no controller']] },
  { where: 'the pending pods', keys: [['p', '1 pending pod']] },
  {
    where: 'what fits',
    keys: [
      ['f', 'What one pod asks for'],
      ['cpu=1', 'Why not elsewhere'],
    ],
  },
])('text from the cluster is shown, never obeyed: $where', async ({ keys }) => {
  const screen = openScreen({ events, columns: 140, rows: 40, notices: [nasty] });
  await screen.untilText('\\x1b[1mbold');
  for (const [key, shows] of keys as [string, string][]) {
    screen.press(key);
    await screen.untilText(shows);
  }
  const rows = screen.screen();
  expect(rows[0]).toContain('metalk8s prod-dc1');
  expect(rows).toHaveLength(40);
  expect(COMMANDS.filter((command) => screen.raw().includes(command))).toEqual([]);
});

test('a label whose key every object has of itself is edited like any other', async () => {
  const screen = openScreen({ events: clusterEvents([makeNode({ name: 'node-1', labels: { constructor: 'mine' } })]) });
  await screen.untilText('node-1');
  screen.press('l');
  await screen.untilText('constructor=mine');
  screen.press(KEYS.enter);
  await screen.untilText('Nothing is changed yet');
  screen.press('e');
  await screen.untilText('KEY- removes one');
  screen.press(`2${KEYS.enter}`);
  await screen.untilText('was mine');
  screen.press(KEYS.enter);
  await screen.untilText('+ label constructor=mine2');
});

test('after any keys, pastes and sizes the frame stands and one can leave', async () => {
  const alphabet = [
    ...'jkGg/s?ltcuqan+e yophxfb=1,'.split(''),
    '\u001b',
    ...Object.values(KEYS).filter((key) => key !== KEYS.ctrlC),
  ];
  const action = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...alphabet).map((key) => ({ key })) },
    {
      weight: 1,
      arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => ({ key: `\u001b[200~${text}\u001b[201~` })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('\u001b[<0;10;10M', '\u001b[M !!', '\u001bOP', '\u001b[15~').map((key) => ({ key })),
    },
    {
      weight: 1,
      arbitrary: fc.record({ columns: fc.integer({ min: 20, max: 200 }), rows: fc.integer({ min: 5, max: 60 }) }),
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 40, maxLength: 60 }), async (actions) => {
      const screen = openScreen({ columns: 80, rows: 24 });
      await screen.untilText('sorted by');
      for (const one of actions) {
        if ('key' in one) screen.press(one.key);
        else screen.resize(one.columns, one.rows);
      }
      screen.resize(100, 30);
      await screen.until((rows) => rows.length === 30 && (rows[0]?.includes('prod-dc1') ?? false), 'the frame');
      screen.press(KEYS.ctrlC);
      await vi.waitFor(() => expect(screen.requests).toContain('quit'));
    }),
    { numRuns: 3 },
  );
}, 60_000);
