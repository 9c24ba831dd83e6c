import { test } from 'vitest';
import { READS } from '../../source/links/kubernetes/reads.ts';
import { RESOURCES, type Resource } from '../../source/model/cluster-event.ts';
import { KEYS } from '../console/emulator.ts';
import { BEGINNINGS, openAt, passUntil, PATIENT, show, startPlace } from './place.tsx';

/** Keys from the list of nodes, and words that stand on the screen that they lead to. */
const SCREENS: readonly (readonly [keys: readonly string[], words: string])[] = [
  [['h'], 'Headroom'],
  [['h', 'p'], 'Pending pods'],
  [['h', 'x'], 'an estimate'],
  [['h', 'f'], 'What would fit'],
  [[KEYS.enter], '[overview]'],
  [[KEYS.enter, KEYS.tab], '[pods]'],
  [[KEYS.enter, KEYS.tab, KEYS.tab], '[events]'],
  [['?'], 'Keys of the list of nodes'],
];

/** The row of a tall screen that names it. */
const TITLE = 3;

/** Resources without which the picture has a hole, and what the frame says of that. */
const MISSING: readonly Resource[] = ['nodes', 'pods', 'events', 'usage', 'claims'];

test.concurrent.for(MISSING)(
  'without %s each screen tells why, once at most, and what waits for it',
  PATIENT,
  async (resource, context) => {
    const atEnd = context.onTestFinished;
    const place = await startPlace(atEnd);
    const answer = {
      status: 500,
      body: JSON.stringify({ kind: 'Status', message: 'etcdserver: no leader', code: 500 }),
    };
    place.wire.hurt = ({ path }) =>
      path.split('?')[0] === READS[resource].path ? { answer: () => answer } : undefined;
    const session = await openAt(atEnd, place);
    const screen = show(atEnd, session, place, { columns: 120, rows: 44 });
    const { resources } = session.store.state;
    const isMissing = () =>
      RESOURCES.every((one) => resources[one].status.state === (one === resource ? 'absent' : 'live'));
    await passUntil(place, isMissing, 'all but one');
    const told = () => screen.text().match(BEGINNINGS)?.length ?? 0;
    const needed = ['nodes', 'pods', 'events'].includes(resource);
    await passUntil(place, () => told() === (needed ? 1 : 0), 'why, on the list', 0);
    for (const [keys, words] of SCREENS) {
      // Without nodes there is none to open.
      if (resource === 'nodes' && keys[0] === KEYS.enter) continue;
      for (const key of keys) screen.press(key);
      await screen.untilText(words);
      await passUntil(
        place,
        () => (needed ? told() === 1 : told() <= 1),
        `one sentence behind ${keys.join(' ')}\n${screen.text()}`,
        0,
      );
      // An escape at a time: two together are another key.
      while (!screen.text().includes('sorted by')) {
        const before = screen.screen()[TITLE];
        screen.press(KEYS.escape);
        await screen.until((rows) => rows[TITLE] !== before, 'the screen before');
      }
    }
  },
);
