import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { journalInMemory } from '../../../source/operations/journal.ts';
import { FakeEtcd, LOOKS, MEBIBYTE, planOf, runOn, type Fate } from './fake-etcd.ts';

const DEFRAGMENT = { kind: 'defragment', members: [] } as const;
const NOSPACE = (etcd: FakeEtcd) => [{ member: etcd.members[1]?.id ?? '', kind: 'NOSPACE' }];

const fall = (place: number, healsIn: number | null) => (etcd: FakeEtcd) => {
  const member = etcd.members[place % etcd.members.length];
  if (member) Object.assign(member, { healthy: false, healsIn });
};
const lead = (place: number) => (etcd: FakeEtcd) => {
  etcd.leader = etcd.members[place % etcd.members.length]?.id ?? null;
};

const then = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  fc.tuple(fc.nat(6), fc.option(fc.integer({ min: 1, max: 2 * LOOKS }))).map(([place, looks]) => fall(place, looks)),
  fc.nat(6).map(lead),
);
const end = fc.constantFrom<Fate['end'][]>(
  'answered',
  'answered',
  'answered',
  'not-sent',
  'refused',
  'lost-done',
  'lost-undone',
);
const fates = fc.array(
  fc.record({ end, then }).map(({ end, then }): Fate => (then === undefined ? { end } : { end, then })),
  { maxLength: 12 },
);

describe('operations on etcd, whatever fails in between', () => {
  it('touch no second member before all are healthy again, the leader last, and send nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 7 }), fates, fc.boolean(), async (size, fates, isFull) => {
        const etcd = new FakeEtcd(size);
        if (isFull) etcd.alarms = NOSPACE(etcd);
        const learner = size > 3 ? etcd.at('m-4') : null;
        if (learner !== null) learner.isLearner = true;
        const plan = await planOf(etcd, isFull ? { kind: 'disarm' } : DEFRAGMENT);
        expect(plan.guards.filter(({ state }) => state === 'refused')).toEqual([]);
        etcd.fates = [...fates];
        const journal = journalInMemory();
        let leaderDone = false;
        etcd.onWrite = ({ task, node }) => {
          const open = journal.trail().filter(({ ended }) => !ended);
          expect(open.map(({ item }) => [item.task, item.object])).toEqual([[task, node]]);
          if (task !== 'defragment') return;
          // The property: a member that would be touched now is touched while all of them are healthy.
          expect(etcd.members.filter(({ healthy }) => !healthy)).toEqual([]);
          expect(leaderDone).toBe(false);
          leaderDone = etcd.at(node).id === etcd.leader;
        };
        const results = await runOn(etcd, plan, { journal });

        const sent = etcd.writes.map(({ task, node }) => `${task} ${node}`);
        expect(new Set(sent).size).toBe(sent.length);
        const broken = results.findIndex(({ state }) => state !== 'done');
        if (broken !== -1) expect(sent.length).toBeLessThanOrEqual(broken + 1);
        for (const { task, node, state } of results)
          if (task === 'defragment' && state === 'done') expect(etcd.at(node).size).toBeLessThan(80 * MEBIBYTE);
        if (isFull && results.at(-1)?.state === 'done') expect(etcd.alarms).toEqual([]);
        expect(journal.trail().every(({ ended }) => ended)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a defragmentation', () => {
  it('goes over the followers to the leader, leaves learners, and tells what each file came to', async () => {
    const etcd = new FakeEtcd(4);
    Object.assign(etcd.at('m-4'), { isLearner: true });
    const results = await runOn(etcd, await planOf(etcd, DEFRAGMENT));
    expect(results.map(({ node }) => node)).toEqual(['m-2', 'm-3', 'm-1']);
    expect(etcd.at('m-4').size).toBe(80 * MEBIBYTE);
    for (const { state, why } of results) expect([state, why]).toEqual(['done', '80Mi in the file before, 40Mi now.']);
  });

  it('waits for a member that is not healthy at once', async () => {
    const etcd = new FakeEtcd(3);
    etcd.fates = [{ end: 'answered', then: fall(1, LOOKS - 1) }];
    expect((await runOn(etcd, await planOf(etcd, DEFRAGMENT))).map(({ state }) => state)).toEqual([
      'done',
      'done',
      'done',
    ]);
  });

  it('touches no other one while a member does not come back, and says which', async () => {
    const etcd = new FakeEtcd(3);
    etcd.fates = [{ end: 'answered', then: fall(1, null) }];
    const [first, second] = await runOn(etcd, await planOf(etcd, DEFRAGMENT));
    expect(first).toMatchObject({
      node: 'm-2',
      state: 'failed',
      why: expect.stringContaining('m-2 (m-2 gave no answer)') as string,
    });
    expect(second).toEqual({
      task: 'defragment',
      node: 'm-3',
      state: 'failed',
      why: 'Nothing was sent to m-3, since the defragmentation on m-2 did not come about.',
    });
    expect(etcd.writes).toHaveLength(1);
  });

  it.each<[string, Fate['end'], string]>([
    ['was done all the same', 'lost-done', 'done'],
    ['cannot be told', 'lost-undone', 'unknown'],
  ])('whose answer was lost is looked at, never repeated: it %s', async (_, end, state) => {
    const etcd = new FakeEtcd(3);
    const plan = await planOf(etcd, { kind: 'defragment', members: ['m-2'] });
    etcd.fates = [{ end }];
    expect(await runOn(etcd, plan)).toMatchObject([{ node: 'm-2', state }]);
    expect(etcd.writes).toHaveLength(1);
  });

  it('whose answer was lost, and that found nothing to give back, is known by the count that the member keeps', async () => {
    const etcd = new FakeEtcd(3);
    for (const member of etcd.members) member.size = member.inUse;
    etcd.fates = [{ end: 'lost-done' }];
    const plan = await planOf(etcd, { kind: 'defragment', members: ['m-2'] });
    expect(await runOn(etcd, plan)).toMatchObject([{ state: 'done', why: '40Mi in the file before, 40Mi now.' }]);
  });

  it.each<[string, (etcd: FakeEtcd) => void, RegExp]>([
    ['somebody else did it', (etcd) => (etcd.at('m-2').defragmentations = 1), /^Somebody else defragmented m-2 since/],
    ['a member was replaced', (etcd) => (etcd.at('m-2').answersAs = 'beef'), /m-2 \(on m-2 runs member beef\)/],
    ['a member fell', fall(2, null), /^Not every member is healthy now: m-3 \(m-3 gave no answer\)\. Nothing was sent/],
    ['the leader went to it', lead(1), /^m-2 became the leader meanwhile, which comes last/],
    ['there is no leader', (etcd) => (etcd.leader = null), /^etcd has no leader now/],
    [
      'a member was added',
      (etcd) => etcd.members.push({ ...etcd.at('m-1'), id: 'ffff', node: 'm-9' }),
      /other members/,
    ],
    ['data differ', (etcd) => (etcd.alarms = [{ member: 'a000', kind: 'CORRUPT' }]), /alarm CORRUPT/],
  ])('is not begun when %s since it was planned', async (_, change, says) => {
    const etcd = new FakeEtcd(3);
    const plan = await planOf(etcd, DEFRAGMENT);
    change(etcd);
    const [first] = await runOn(etcd, plan);
    expect(first).toMatchObject({ state: 'conflict', why: expect.stringMatching(says) as string });
    expect(etcd.writes).toEqual([]);
  });

  it('that the operator stops sees the member on its way to its end, and touches no other one', async () => {
    const etcd = new FakeEtcd(3);
    const stop = new AbortController();
    etcd.fates = [{ end: 'answered', then: fall(1, 2) }];
    etcd.onWrite = () => stop.abort();
    const results = await runOn(etcd, await planOf(etcd, DEFRAGMENT), { stop: stop.signal });
    expect(results.map(({ state, why }) => [state, why])).toEqual([
      ['done', '80Mi in the file before, 40Mi now.'],
      ['failed', 'Stopped before anything was sent to m-3.'],
      ['failed', 'Stopped before anything was sent to m-1.'],
    ]);
  });

  it('that is stopped tells what it saw, and leaves the others', async () => {
    const etcd = new FakeEtcd(3);
    const stopping = new AbortController();
    etcd.fates = [{ end: 'answered', then: fall(1, null) }];
    etcd.onWrite = () => stopping.abort();
    const results = await runOn(etcd, await planOf(etcd, DEFRAGMENT), { signal: stopping.signal });
    expect(results.map(({ state }) => state)).toEqual(['unknown', 'failed', 'failed']);
    expect(results[0]?.why).toMatch(/^Stopped before its end was seen/);
    expect(etcd.writes).toHaveLength(1);
  });
});

describe('a recovery from NOSPACE', () => {
  it('compacts to the revision of the plan, defragments each, and disarms last', async () => {
    const etcd = new FakeEtcd(3);
    etcd.alarms = NOSPACE(etcd);
    const plan = await planOf(etcd, { kind: 'disarm' });
    etcd.revision += 5;
    const results = await runOn(etcd, plan);
    expect(results.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect(etcd.writes.map(({ task, node, argument }) => `${task} ${node} ${argument}`.trim())).toEqual([
      'compact m-1 1000',
      'defragment m-2',
      'defragment m-3',
      'defragment m-1',
      'disarm m-1',
    ]);
  });

  it('that was broken off goes on from there when it is planned again', async () => {
    const etcd = new FakeEtcd(3);
    etcd.alarms = NOSPACE(etcd);
    etcd.fates = [{ end: 'answered' }, { end: 'refused' }];
    const first = await runOn(etcd, await planOf(etcd, { kind: 'disarm' }));
    expect(first.map(({ state }) => state)).toEqual(['done', 'refused', 'failed', 'failed', 'failed']);
    const again = await runOn(etcd, await planOf(etcd, { kind: 'disarm' }));
    expect(again.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect(etcd.alarms).toEqual([]);
  });

  it('does not disarm while a file still fills the quota', async () => {
    const etcd = new FakeEtcd(3);
    Object.assign(etcd, { alarms: NOSPACE(etcd), quota: 10 * MEBIBYTE });
    const last = (await runOn(etcd, await planOf(etcd, { kind: 'disarm' }))).at(-1);
    expect(last).toMatchObject({
      task: 'disarm',
      state: 'conflict',
      why: expect.stringContaining('quota is still used up') as string,
    });
    expect(etcd.alarms).toHaveLength(1);
  });

  it('says so when the alarm comes back', async () => {
    const etcd = new FakeEtcd(3);
    etcd.alarms = NOSPACE(etcd);
    etcd.fates = [
      ...Array.from({ length: 4 }, (): Fate => ({ end: 'answered' })),
      { end: 'answered', then: (now) => (now.alarms = NOSPACE(now)) },
    ];
    expect((await runOn(etcd, await planOf(etcd, { kind: 'disarm' }))).at(-1)).toMatchObject({ state: 'failed' });
  });
});

describe('the move of a leader', () => {
  it('is done when the other one leads', async () => {
    const etcd = new FakeEtcd(3);
    const plan = await planOf(etcd, { kind: 'move-leader', to: 'm-3' });
    expect(await runOn(etcd, plan)).toEqual([{ task: 'move-leader', node: 'm-1', state: 'done', why: null }]);
    expect(etcd.writes).toMatchObject([{ node: 'm-1', argument: etcd.at('m-3').id }]);
  });

  it.each<[string, (etcd: FakeEtcd) => void, RegExp]>([
    ['somebody else leads', lead(1), /^m-1 does not lead any more/],
    ['the successor fell', fall(2, null), /^m-3 is not healthy now/],
  ])('is not begun when %s since it was planned', async (_, change, says) => {
    const etcd = new FakeEtcd(3);
    const plan = await planOf(etcd, { kind: 'move-leader', to: 'm-3' });
    change(etcd);
    expect(await runOn(etcd, plan)).toMatchObject([{ state: 'conflict', why: expect.stringMatching(says) as string }]);
    expect(etcd.writes).toEqual([]);
  });
});

describe('a console that dies between the two records', () => {
  it('leaves a step whose end is unknown', async () => {
    const etcd = new FakeEtcd(3);
    const journal = journalInMemory();
    etcd.onWrite = () => {
      throw new TypeError('the power went');
    };
    await expect(runOn(etcd, await planOf(etcd, DEFRAGMENT), { journal })).rejects.toThrow('the power went');
    expect(journal.trail()).toMatchObject([
      { ended: false, item: { task: 'defragment', object: 'm-2', uid: etcd.at('m-2').id, result: 'unknown' } },
    ]);
  });
});
