import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../source/sandbox/sandbox.ts';
import { changeWorld, nodesOf, untrue, type LiveScreen } from '../console/faults/live-screen.tsx';
import { FAULTS, stepOf, type Fault } from './faults.ts';
import { BEGINNINGS, openAt, passUntil, rightAgain, show, startPlace, type Place } from './place.tsx';

const WORKER = 'par1-worker-1';

const rowsOfNodes = (screen: readonly string[], box: Sandbox) =>
  nodesOf(box).flatMap((name) => screen.filter((row) => row.slice(2).startsWith(`${name} `)));

/** What of the screen is not as it should be while a fault lasts, or null. */
const SHOWN: Readonly<Record<Fault['shows'], (screen: readonly string[], box: Sandbox) => string | null>> = {
  nothing: (screen, box) => {
    if (!/ (X no data|~ connecting) +\d\d:\d\d$/.test(screen[0] ?? '')) return 'the header claims a picture';
    if (rowsOfNodes(screen, box).length > 0) return 'there are nodes';
    for (const title of ['FREE FOR WORKLOADS', 'LARGEST HOLE', 'IF THE LARGEST NODE IS LOST'])
      if (!screen.some((row) => row.startsWith(` ${title}  ?`))) return `something is said of ${title}`;
    return /\b0 (of|nodes|ready)/.test(screen.join('\n')) ? 'nothing is shown as zero' : null;
  },
  'the last picture': (screen, box) => {
    if (!/ ! stale \d+(s|m|m\d+s) +\d\d:\d\d$/.test(screen[0] ?? '')) return 'the header tells no age';
    const rows = rowsOfNodes(screen, box);
    if (rows.length !== box.world.nodes.size) return 'a node has gone';
    if (!rows.every((row) => / [1-9]\d*\/\d+$/.test(row.trimEnd()))) return 'a node lost its pods';
    return rows.join('\n').includes('Cordoned') ? 'a change came through' : null;
  },
  'the truth': (screen, box) =>
    rowsOfNodes(screen, box).some((row) => row.slice(2).startsWith(`${WORKER} `) && row.includes('Cordoned'))
      ? null
      : 'a change has not come through',
};

/** The sentence about a fault stands on the screen, and no other about any. */
function isTold({ sentence }: Fault, screen: LiveScreen, url: string): boolean {
  const told = screen.text().match(BEGINNINGS) ?? [];
  if (sentence === null) return told.length === 0;
  const text = screen.text().replaceAll(url, 'SERVER');
  const found =
    sentence instanceof RegExp ? anywhere(sentence).test(text) : [sentence].flat().some((one) => text.includes(one));
  return found && told.length === 1;
}

const anywhere = ({ source }: RegExp) => new RegExp(source.replace(/^\^|\$$/g, ''));

/** Between two tries that find the truth in another way the sentence goes, so it need not stand all the time. */
async function isHeld(fault: Fault, place: Place, screen: LiveScreen) {
  const holds = () => isTold(fault, screen, place.wire.url) && SHOWN[fault.shows](screen.screen(), place.box) === null;
  await passUntil(place, holds, `what is to be told and shown of it`, stepOf(fault)).catch((error: unknown) => {
    const shown = SHOWN[fault.shows](screen.screen(), place.box);
    throw new Error(`${String(shown)}; told: ${isTold(fault, screen, place.wire.url)}\n${screen.screen().join('\n')}`, {
      cause: error,
    });
  });
}

describe('a fault', () => {
  test.concurrent.for(FAULTS)('$name, $when: told once, nothing untrue, and right again', async (fault, context) => {
    const atEnd = context.onTestFinished;
    const place = await startPlace(atEnd);
    const before = fault.when === 'from the start' ? await fault.strike(place) : null;
    const session = await openAt(atEnd, place);
    const screen = show(atEnd, session, place);
    if (before === null) await passUntil(place, () => untrue(screen.screen(), place.box) === null, 'the first picture');
    const lift = before ?? (await fault.strike(place));
    if (fault.shows === 'the truth') changeWorld(place.box, WORKER);
    await isHeld(fault, place, screen);
    if (fault.shows !== 'the truth') changeWorld(place.box, WORKER);
    expect(SHOWN[fault.shows](screen.screen(), place.box)).toBeNull();
    expect(screen.terminal).toEqual([]);
    await lift();
    await rightAgain(place, session, screen);
    expect(screen.terminal).toEqual([]);
  });
});
