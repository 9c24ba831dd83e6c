import { etcdPicture, type EtcdPicture } from '../../source/state/etcd.ts';
import { failuresOf } from '../../source/state/etcd-words.ts';
import type { Session } from '../../source/session/session.ts';
import type { SandboxOptions } from '../../source/sandbox/sandbox.ts';
import type { AtEnd, LiveScreen } from '../console/faults/live-screen.tsx';
import { openAt, passUntil, show, startPlace, type Place } from './place.tsx';

/** Ends a fault. */
export type Lift = () => void;
/** Brings a fault about. */
export type Strike = (place: Place) => Lift;

/** Cells of the terminal on which etcd is looked at. */
const SIZE = { columns: 80, rows: 30 };

/** As long as from one look at etcd to the next, ms. */
export const TURN = 5_000;

/** The screen of etcd over a place, with everything about etcd told. */
export async function showEtcd(atEnd: AtEnd, options: SandboxOptions = {}) {
  const place = await startPlace(atEnd, options);
  const session = await openAt(atEnd, place);
  const screen = show(atEnd, session, place, SIZE);
  await passUntil(place, () => / live +\d\d:\d\d$/.test(screen.screen()[0] ?? ''), 'a live picture');
  screen.press('e');
  const seen = { place, session, screen, picture: () => pictureOf(session) };
  await wellAgain(seen);
  return seen;
}

export type Seen = {
  readonly place: Place;
  readonly session: Session;
  readonly screen: LiveScreen;
  readonly picture: () => EtcdPicture;
};

/** Lets time go by until all of etcd is on the screen as it is. */
export const wellAgain = (seen: Seen, step = TURN): Promise<void> =>
  passUntil(seen.place, () => notWell(seen) === null, 'etcd as it is', step).catch((error: unknown) => {
    throw new Error(`${String(notWell(seen))}\n${seen.screen.screen().join('\n')}`, { cause: error });
  });

const pictureOf = (session: Session): EtcdPicture => etcdPicture(session.store.state, session.now());

/** The row of a member on the screen, by what it is called. */
export const rowOf = (screen: readonly string[], name: string): string | undefined =>
  screen.find((row) => /^[> ] /.test(row) && row.slice(2).startsWith(`${name} `));

/** Nothing is written between two looks at a world that rests, so that no time of a write is told. */
const WELL = /(leader|follower) +ok +(\?|[\d.]+ms) +(\?|[\d.]+ms) +[\d.]+Mi$/;

/** What is not as it should be of an etcd with which all is well, or null. */
export function notWell({ place: { box }, screen, picture }: Seen): string | null {
  const rows = screen.screen();
  const { members } = box.world.etcd;
  const name = members.find(({ node }) => !WELL.test(rowOf(rows, node)?.trimEnd() ?? ''))?.node;
  if (name !== undefined) return `the row of ${name} is not as it should be`;
  if (!rows.some((row) => row.startsWith(' etcd  3 of 3 members · quorum 2 · CAN LOSE 1'))) return 'the title is wrong';
  if (!screen.text().includes('ALARMS none')) return 'alarms are not none';
  const known = picture();
  const failures = failuresOf(known);
  if (failures.length > 0) return failures.join(' ');
  if (members.some(({ hex }) => !known.members.some(({ id }) => id === hex))) return 'a member has another id';
  return known.membershipFrom.last === null ? 'the list of members has not come' : null;
}
