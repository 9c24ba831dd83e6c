import { expect, test } from 'vitest';
import { LONG_TEXTS } from '../../long-texts.ts';
import { makeEvent, makeNode } from '../../state/made.ts';
import { KEYS } from '../emulator.ts';
import { clusterEvents, NOON } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

/** Processor time of a key and all that it draws, ms: many times what it takes, and a part of reading one such text to its end. */
const MOST = 2_000;

/** A node and its events with the same text wherever somebody may write one. */
const eventsWith = (text: string) => [
  ...clusterEvents([
    makeNode({
      name: 'node-1',
      labels: { long: text },
      annotations: { long: text },
      taints: [{ key: 'long', value: text, effect: 'NoSchedule', timeAdded: null }],
      conditions: [
        { type: 'Ready', status: 'False', reason: text, message: text, since: 0 },
        { type: text, status: 'True', reason: text, message: text, since: 0 },
      ],
      system: { kubelet: text, containerRuntime: text, operatingSystem: text, kernel: text, architecture: text },
    }),
  ]),
  {
    type: 'changed' as const,
    at: NOON,
    resource: 'events' as const,
    items: Array.from({ length: 40 }, (_, index) =>
      makeEvent({ uid: `${index}`, node: 'node-1', reason: text, message: text, source: text, type: 'Warning' }),
    ),
  },
];

test.each(Object.entries(LONG_TEXTS))(
  'what a key draws is there soon where every text is a megabyte of %s',
  async (_, text) => {
    const screen = openScreen({ events: eventsWith(text), columns: 120, rows: 36 });
    await screen.untilText('sorted by');
    for (const [key, shows] of [
      [KEYS.enter, 'Conditions'],
      [KEYS.tab, '[pods]'],
      [KEYS.tab, '[events]'],
      ['j', '[events]'],
      [KEYS.tab, '[labels'],
      ['j', '[labels'],
    ] as const) {
      const started = process.cpuUsage();
      screen.press(key);
      await screen.untilText(shows);
      const { user, system } = process.cpuUsage(started);
      expect((user + system) / 1_000, shows).toBeLessThan(MOST);
    }
  },
);
