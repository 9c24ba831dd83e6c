import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { makeNode } from '../../state/made.ts';
import { KEYS } from '../emulator.ts';
import { clusterEvents } from '../made-cluster.ts';
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

test('text from the cluster is shown, never obeyed', async () => {
  const nasty = NASTY.join(' ');
  const evil = makeNode({
    name: `node-\u001b[1mbold`,
    labels: Object.fromEntries(NASTY.map((text, index) => [`key-${index}-${text}`, text])),
    annotations: { note: nasty },
    taints: NASTY.map((text) => ({ key: text, value: text, effect: 'NoSchedule', timeAdded: null })),
    conditions: [{ type: 'Ready', status: 'False', reason: nasty, message: nasty, since: 0 }],
    addresses: [{ type: 'InternalIP', address: nasty }],
  });
  const screen = openScreen({ events: clusterEvents([evil]), columns: 100, rows: 30 });
  await screen.untilText('\\x1b[1mbold');
  const frameHolds = () => {
    const rows = screen.screen();
    expect(rows[0]).toContain('metalk8s prod-dc1');
    expect(rows).toHaveLength(30);
    expect(rows.at(-1)).toMatch(/\? help/);
  };
  frameHolds();
  screen.press(KEYS.enter);
  await screen.untilText('Conditions');
  frameHolds();
  for (const part of ['no pod is bound', 'no event', 'Annotations']) {
    screen.press(KEYS.tab);
    await screen.untilText(part);
    frameHolds();
  }
  screen.press(KEYS.escape);
  await screen.untilText('sorted by');
  screen.press('t');
  await screen.untilText('Taints of');
  frameHolds();
});

test('after any keys, pastes and sizes the frame stands and one can leave', async () => {
  const alphabet = [
    ...'jkGg/s?ltcuqan+e y'.split(''),
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
      arbitrary: fc.record({ columns: fc.integer({ min: 20, max: 400 }), rows: fc.integer({ min: 5, max: 120 }) }),
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 60, maxLength: 100 }), async (actions) => {
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
    { numRuns: 8 },
  );
}, 60_000);
