import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { RESOURCES } from '../../source/model/cluster-event.ts';
import type { SandboxOptions } from '../../source/sandbox/sandbox.ts';
import { openOnce, openSession } from '../../source/session/open-session.ts';
import type { SessionOptions } from '../../source/session/options.ts';
import type { Session } from '../../source/session/session.ts';
import type { ClusterState } from '../../source/state/cluster-state.ts';
import {
  showSession,
  startSite,
  untrue,
  type AtEnd,
  type LiveScreen,
  type Site,
} from '../console/faults/live-screen.tsx';
import { skippingClock } from '../console/faults/skipping-clock.ts';
import { startWire, type Wire } from './wire.ts';

/** A site whose kubeconfig leads through a wire, and time that both the wire and the console go by. */
export type Place = Site & { readonly wire: Wire; readonly clock: ReturnType<typeof skippingClock> };

export async function startPlace(atEnd: AtEnd, options: SandboxOptions = {}): Promise<Place> {
  const site = await startSite(atEnd, options);
  const wire = await startWire(site.box);
  atEnd(() => wire.close());
  site.write(wire.kubeconfig());
  return { ...site, wire, clock: skippingClock() };
}

/** A session on the place as the program opens it, its waits the shortest there are. */
export async function openAt(atEnd: AtEnd, place: Place, given: Partial<SessionOptions> = {}): Promise<Session> {
  const session = await openSession({
    kubeconfig: place.file,
    environment: {},
    version: '0.0.0',
    stateFolder: join(place.folder, 'state'),
    localDoors: [],
    patience: { bound: 200, pause: 20 },
    clock: place.clock,
    onThisThread: true,
    random: () => 0,
    ...given,
  });
  atEnd(() => session.close());
  return session;
}

/** The application over a session of the place, on a terminal of 80 columns unless it is larger. */
export const show = (
  atEnd: AtEnd,
  session: Session,
  { clock }: Place,
  size: { readonly columns?: number; readonly rows?: number } = {},
): LiveScreen => showSession(atEnd, { session, clock }, size);

/** No try after a failure is later than this, but for a right that is missing for long. */
export const LONGEST_WAIT = 30_000;

/** For tests of many places at once on a machine that has more to do. */
export const PATIENT = { timeout: 120_000 };

/**
 * Real ms: when nothing has begun or ended for the first, and no connection is under way, time would end nothing; after
 * the last it may be given up. Both are counted in looks, which come later on a machine that has more to do.
 */
const MOMENT = { look: 10, shortest: 150, longest: 1_500 };
/** Frames are drawn sooner; whatever waits longer waits for an answer, or to ask. */
const LONGEST_TO_DRAW = 1_000;
const STEPS = 25;
/** As long as a connection may take to stand: whoever waits so long for something waits for that. */
const CONNECTING = 5_000;

/** Resolves once something holds, or nothing more happens without time going by; tells which. */
export async function untilAtRest({ clock }: Pick<Place, 'clock'>, holds: () => boolean): Promise<boolean> {
  let before = '';
  let quiet = 0;
  for (let waited = 0; waited < MOMENT.longest; waited += MOMENT.look) {
    if (holds()) return true;
    const waits = clock.waits().filter((wait) => wait > LONGEST_TO_DRAW);
    quiet = waits.join() === before ? quiet + MOMENT.look : 0;
    before = waits.join();
    if (quiet >= MOMENT.shortest && !waits.includes(CONNECTING)) break;
    await new Promise((resolve) => setTimeout(resolve, MOMENT.look));
  }
  return false;
}

/** Lets time go by in steps, with real moments between them for what it brings about, until something holds. */
export async function passUntil(
  place: Pick<Place, 'clock'>,
  holds: () => boolean,
  what: string,
  step = LONGEST_WAIT,
): Promise<void> {
  for (let taken = 0; taken < STEPS; taken += 1) {
    if (await untilAtRest(place, holds)) return;
    place.clock.jump(step);
  }
  expect.fail(`${what} never came to be`);
}

/** Lets time go by until the console shows the world as it is, and its state is what a fresh reader has. */
export async function rightAgain(place: Place, session: Session, screen: LiveScreen): Promise<void> {
  const isTrue = () => untrue(screen.screen(), place.box) === null;
  await passUntil(place, isTrue, 'the world on the screen').catch((error: unknown) => {
    throw new Error(`${String(untrue(screen.screen(), place.box))}\n${screen.screen().join('\n')}`, { cause: error });
  });
  expect(screen.text()).not.toMatch(BEGINNINGS);
  // The world lives on: a pod that was deleted may be made anew while it is read.
  await vi.waitFor(async () => {
    expect(kept(session.store.state)).toEqual(await fresh(place));
  }, PATIENCE);
}

/** Ms that the world is given to come to rest. */
const PATIENCE = { interval: 50, timeout: 10_000 };

const KEPT = ['nodes', 'pods', 'persistentVolumes', 'claims', 'storageClasses', 'volumes'] as const;

const kept = (state: ClusterState) =>
  Object.fromEntries([...KEPT, 'sumsByNode' as const].map((name) => [name, Object.fromEntries<unknown>(state[name])]));

/** The same of a session opened now, straight to the server. */
async function fresh({ box, folder }: Place) {
  const file = join(folder, 'straight');
  writeFileSync(file, box.kubeconfig());
  const session = await openOnce(
    { kubeconfig: file, environment: {}, version: '0.0.0', stateFolder: join(folder, 'fresh'), localDoors: [] },
    { resources: RESOURCES },
  );
  await session.close();
  return kept(session.store.state);
}

/** Every way in which a sentence about a failure begins. */
export const BEGINNINGS = /\b(Cannot (list|watch|read)|The client certificate|The credential plugin|Kubeconfig) /g;
