import { describe, expect, test } from 'vitest';
import { failuresOf } from '../../source/state/etcd-words.ts';
import type { EtcdPicture } from '../../source/state/etcd.ts';
import { asked, untoldIn } from './etcd-asked.ts';
import { COMMAND_FAULTS, MEMBER_FAULTS, type EtcdFault } from './etcd-faults.ts';
import { HURT } from './etcd-hurts.ts';
import { TELLINGS } from './etcd-tellings.ts';
import { notWell, rowOf, showEtcd, TURN, wellAgain, type Seen } from './etcd-place.tsx';
import { passUntil, PATIENT, type Place } from './place.tsx';

const named = (text: string, { wire }: Place): string => text.replaceAll(wire.url, 'SERVER');

/** How often a text stands in another. */
const countOf = (text: string, what: string | RegExp): number =>
  typeof what === 'string' ? text.split(what).length - 1 : (text.match(new RegExp(what, 'g')) ?? []).length;

/** A time or a size that is zero, which none of the world is; and no size. */
const LOST = /(?<![\d.])0([mµ]?s|[KMG]i)?(?= |$)|(?<![\d.][KMG]i)$/;

/** Looks at every screen: no member goes, none is told to have nothing, and none loses the size that it had. */
function watchMembers({ place, screen }: Seen): () => readonly string[] {
  const found: string[] = [];
  const stop = screen.onDrawn(() => {
    const rows = screen.screen();
    for (const { node } of place.box.world.etcd.members)
      if (LOST.test(rowOf(rows, node)?.trimEnd() ?? '')) found.push(`${node}\n${rows.join('\n')}`);
  });
  return () => {
    stop();
    return found;
  };
}

const KEPT = ['version', 'dbSize', 'dbSizeInUse', 'quota', 'fragmentation'] as const;

const readingsOf = (picture: EtcdPicture, node: string) => {
  const row = picture.members.find((each) => each.node === node);
  return KEPT.map((name) => row?.[name]);
};

/** The sentence stands on the screen, once, and the figures of who fell silent are those of before, with their age. */
async function expectTold(fault: EtcdFault, seen: Seen, before: EtcdPicture): Promise<void> {
  const { place, screen, picture } = seen;
  const { says, untold = [] } = fault;
  if (says === null) return;
  const said = () => named(screen.text(), place);
  await passUntil(place, () => countOf(said(), says) === 1, String(says), TURN).catch((error: unknown) => {
    throw new Error(`${failuresOf(picture()).join('\n')}\n${screen.screen().join('\n')}`, { cause: error });
  });
  await passUntil(place, () => /no answer (for )?[1-9]\d*[ms]/.test(said()), 'its age', TURN);
  const now = picture();
  expect(failuresOf(now)).toHaveLength(1);
  for (const { node } of place.box.world.etcd.members) {
    const isSilent = node === HURT && untold.includes('dbSize');
    expect([node, readingsOf(now, node)]).toEqual([
      node,
      readingsOf(before, node).map((reading) =>
        isSilent ? { ...reading, state: 'stale', since: expect.any(Number) as number } : reading,
      ),
    ]);
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The same of the command, which asks only now: what is not told is null with its reason, and all else is there. */
async function expectAnswered(fault: EtcdFault, place: Place): Promise<void> {
  const { untold = [], untoldOfAll = [], says, code = 0 } = fault;
  const answer = await asked(place);
  expect(untoldIn(answer.document)).toEqual(untoldOfAll);
  for (const member of answer.document.members)
    expect([member.name, ...untoldIn(member)]).toEqual([
      member.name,
      ...(member.name === HURT ? untold.toSorted() : []),
    ]);
  if (says !== null && fault.late !== true)
    expect(named(answer.text, place)).toMatch(says instanceof RegExp ? says : new RegExp(escaped(says)));
  expect(answer.code).toBe(code);
}

describe.each([
  ['of one member', MEMBER_FAULTS],
  ['of commands', COMMAND_FAULTS],
])('a fault %s', (_, faults) => {
  test.for(faults)('$name: told once, the last figures kept, and right again', PATIENT, async (fault, context) => {
    const seen = await showEtcd(context.onTestFinished);
    const { place, screen, picture } = seen;
    const before = picture();
    const watched = watchMembers(seen);
    const lift = fault.strike(place);
    await Promise.all([expectTold(fault, seen, before), expectAnswered(fault, place)]);
    lift();
    await wellAgain(seen, fault.over);
    if (fault.says !== null) expect(watched()).toEqual([]);
    expect(notWell(seen)).toBe(null);
    expect(screen.terminal).toEqual([]);
  });
});

describe('what etcd tells', () => {
  test.for(TELLINGS)(
    '$name: shown as it is, and gone again',
    PATIENT,
    async ({ strike, shows, holds, code }, context) => {
      const seen = await showEtcd(context.onTestFinished);
      const { place, screen } = seen;
      const lift = strike(place);
      const areShown = () =>
        shows.every((one) => (typeof one === 'string' ? screen.text().includes(one) : one.test(screen.text())));
      await passUntil(place, areShown, shows.join('; '), TURN).catch((error: unknown) => {
        throw new Error(screen.screen().join('\n'), { cause: error });
      });
      for (const { node } of place.box.world.etcd.members)
        expect(screen.screen().find((row) => row.slice(2).startsWith(node))).toBeDefined();
      const answer = await asked(place);
      expect(answer.document).toMatchObject(holds);
      expect(answer.code, String(answer.document['sentence'])).toBe(code);
      lift();
      await wellAgain(seen);
      expect(screen.terminal).toEqual([]);
    },
  );
});
