import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../source/sandbox/sandbox.ts';
import { changeWorld, nodesOf, untrue, type LiveScreen } from '../console/faults/live-screen.tsx';
import { FAULTS, stepOf, type Fault, type Stage } from './faults.ts';
import { BEGINNINGS, openAt, passUntil, PATIENT, rightAgain, show, startPlace, type Place } from './place.tsx';

/** The node that is cordoned while a fault lasts. */
const CHANGED: Readonly<Record<Stage, string>> = { 'from the start': 'par1-worker-1', 'once live': 'par1-worker-2' };

const rowsOfNodes = (screen: readonly string[], box: Sandbox) =>
  nodesOf(box).flatMap((name) => screen.filter((row) => row.slice(2).startsWith(`${name} `)));

const isCordoned = (screen: readonly string[], name: string): boolean =>
  screen.some((row) => row.slice(2).startsWith(`${name} `) && row.includes('Cordoned'));

type Shown = (screen: readonly string[], box: Sandbox) => string | null;

const nothing: Shown = (screen, box) => {
  if (!/ (X no data|~ connecting) +\d\d:\d\d$/.test(screen[0] ?? '')) return 'the header claims a picture';
  if (rowsOfNodes(screen, box).length > 0) return 'there are nodes';
  for (const title of ['FREE FOR WORKLOADS', 'LARGEST HOLE', 'IF THE LARGEST NODE IS LOST'])
    if (!screen.some((row) => row.startsWith(` ${title}  ?`))) return `something is said of ${title}`;
  return zerosIn(screen).length > 0 ? 'nothing is shown as zero' : null;
};

/** Counts and sums that say zero. */
const zerosIn = (screen: readonly string[]): readonly string[] =>
  screen.join('\n').match(/(?<![\d.])0 (of|nodes|ready)\b/g) ?? [];

const lastPicture: Shown = (screen, box) => {
  if (!/ ! stale \d+(s|m|m\d+s) +\d\d:\d\d$/.test(screen[0] ?? '')) return 'the header tells no age';
  const rows = rowsOfNodes(screen, box);
  if (rows.length !== box.world.nodes.size) return 'a node has gone';
  if (!rows.every((row) => / [1-9]\d*\/\d+$/.test(row.trimEnd()))) return 'a node lost its pods';
  return isCordoned(screen, CHANGED['once live']) ? 'a change came through' : null;
};

const truth: Shown = (screen) => (isCordoned(screen, CHANGED['once live']) ? null : 'a change has not come through');

/** What of the screen is not as it should be while a fault lasts, or null. */
const shownIn = (fault: Fault, stage: Stage): Shown =>
  stage === 'from the start' ? nothing : fault.finds ? truth : lastPicture;

/** The sentence about a fault stands on the screen, and no other about any. */
function isTold({ sentence }: Fault, screen: LiveScreen, url: string): boolean {
  const told = screen.text().match(BEGINNINGS) ?? [];
  if (sentence === null) return told.length === 0;
  const text = screen.text().replaceAll(url, 'SERVER');
  const found = sentence instanceof RegExp ? sentence.test(text) : [sentence].flat().some((one) => text.includes(one));
  return found && told.length === 1;
}

/** Between two tries that find the truth in another way the sentence goes, so it need not stand all the time. */
async function isHeld(fault: Fault, stage: Stage, place: Place, screen: LiveScreen) {
  const shown = () => shownIn(fault, stage)(screen.screen(), place.box);
  const told = () => isTold(fault, screen, place.wire.url);
  await passUntil(place, () => told() && shown() === null, 'all that is to be seen', stepOf(fault)).catch(
    (error: unknown) => {
      throw new Error(`${String(shown())}; told: ${told()}\n${screen.screen().join('\n')}`, { cause: error });
    },
  );
}

/** What a screen of a picture that was whole has lost, or null; zeros that were there before are no loss. */
const lost =
  (before: readonly string[]): Shown =>
  (screen, box) => {
    const rows = rowsOfNodes(screen, box);
    if (rows.length !== box.world.nodes.size) return 'a node has gone';
    if (!rows.every((row) => / [1-9]\d*\/\d+$/.test(row.trimEnd()))) return 'a node lost its pods';
    return zerosIn(screen).length > zerosIn(before).length ? 'something became zero' : null;
  };

/** No pod of the box asks for it, which is known as soon as the pods are, and seen where usage leaves room for it. */
const ASKED_BY_NONE = 'ephemeral storage 0 of';
const arePodsLive = (screen: readonly string[]): boolean =>
  screen.some((row) => row.startsWith(' source ') && row.includes('pods live'));

/** Without a picture nothing is zero; nodes come one with the other when the fault is over. */
const madeUp: Shown = (screen) => {
  const told = arePodsLive(screen) ? screen.map((row) => row.replace(ASKED_BY_NONE, '')) : screen;
  return zerosIn(told).length > 0 ? 'nothing is shown as zero' : null;
};

/** Looks at every screen from now on; answers with how many there were and the first that says what is not so. */
function watchAll(atEnd: (work: () => void) => void, screen: LiveScreen, box: Sandbox, shown: Shown) {
  const found: string[] = [];
  let looks = 0;
  const stop = screen.onDrawn(() => {
    const rows = screen.screen();
    looks += 1;
    const what = shown(rows, box);
    if (what !== null && found.length === 0) found.push(`${what}\n${rows.join('\n')}`);
  });
  atEnd(stop);
  return () => {
    stop();
    return { looks, found };
  };
}

describe('a fault', () => {
  test.concurrent.for(FAULTS)('$name: told once, nothing untrue, and right again', PATIENT, async (fault, context) => {
    const atEnd = context.onTestFinished;
    const place = await startPlace(atEnd);
    let lift = fault.when.includes('from the start') ? await fault.strike(place) : null;
    const session = await openAt(atEnd, place);
    const screen = show(atEnd, session, place);
    if (lift === null) await passUntil(place, () => untrue(screen.screen(), place.box) === null, 'the first picture');
    for (const stage of fault.when) {
      const shown = stage === 'from the start' ? madeUp : lost(screen.screen());
      const seen = watchAll(atEnd, screen, place.box, shown);
      lift ??= await fault.strike(place);
      if (fault.finds) changeWorld(place.box, CHANGED[stage]);
      await isHeld(fault, stage, place, screen);
      if (!fault.finds) changeWorld(place.box, CHANGED[stage]);
      expect(screen.terminal).toEqual([]);
      await lift();
      lift = null;
      await rightAgain(place, session, screen);
      const { looks, found } = seen();
      expect(found).toEqual([]);
      expect(looks).toBeGreaterThan(0);
    }
    expect(screen.terminal).toEqual([]);
  });
});
