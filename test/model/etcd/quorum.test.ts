import { describe, expect, it } from 'vitest';
import { canLose, isQuorum, majorityOf, quorumAdvice, takesPart } from '../../../source/model/etcd/quorum.ts';

// A model of quorums that knows no arithmetic: members are bits, and a group decides when it can outvote every group
// without a common member. What the rules say is held against it for each number of members and each set of failed ones.

type Members = number;
const MOST = 9;

const all = (count: number): Members => 2 ** count - 1;
const sizeOf = (members: Members): number => members.toString(2).replaceAll('0', '').length;
const subsets = (members: Members): Members[] =>
  Array.from({ length: members + 1 }, (_, subset) => subset).filter((subset) => (subset & ~members) === 0);

/** The smallest size of which every two groups of `count` members share one: both could not decide apart. */
const smallestDeciding = Array.from({ length: MOST + 2 }, (_, count) => {
  const groups = Map.groupBy(subsets(all(count)), sizeOf);
  for (let size = 1; size <= count; size += 1) {
    const ofSize = groups.get(size) ?? [];
    if (ofSize.every((one) => ofSize.every((other) => (one & other) !== 0))) return size;
  }
  return Infinity;
});

const decides = (members: Members, alive: Members): boolean =>
  sizeOf(members & alive) >= (smallestDeciding[sizeOf(members)] ?? Infinity);

/** The largest number of which any group may fail. */
function spare(members: Members, alive: Members): number {
  const standing = members & alive;
  for (let count = sizeOf(standing); count > 0; count -= 1) {
    const losses = subsets(standing).filter((lost) => sizeOf(lost) === count);
    if (losses.every((lost) => decides(members, standing & ~lost))) return count;
  }
  return 0;
}

/** What members and which of them are alive come to be while something is done to `one`. */
const ACTS = {
  add: (members: Members, alive: Members, one: Members) => ({ members: members | one, alive }),
  remove: (members: Members, alive: Members, one: Members) => ({ members: members & ~one, alive: alive & ~one }),
  restart: (members: Members, alive: Members, one: Members) => ({ members, alive: alive & ~one }),
  defragment: (members: Members, alive: Members, one: Members) => ({ members, alive: alive & ~one }),
};

/** Whether an act keeps every decision possible: before it, which has to be agreed on, and meanwhile. */
function isSafe(act: keyof typeof ACTS, members: Members, alive: Members, one: Members): boolean {
  const isFailed = act !== 'add' && (alive & one) === 0;
  if (isFailed && act === 'restart') return true;
  if (isFailed && act === 'defragment') return false;
  const meanwhile = ACTS[act](members, alive, one);
  return decides(members, alive) && decides(meanwhile.members, meanwhile.alive);
}

const CLUSTERS = Array.from({ length: MOST }, (_, index) => index + 1).flatMap((count) =>
  subsets(all(count)).map((failed) => ({ count, members: all(count), alive: all(count) & ~failed })),
);

describe('the arithmetic of a quorum equals the model, for 1 to 9 members and every set of failed ones', () => {
  it('how many are needed', () => {
    for (let count = 1; count <= MOST + 1; count += 1) expect(majorityOf(count)).toBe(smallestDeciding[count]);
  });

  it('whether there is one, and how many more may fail', () => {
    for (const { count, members, alive } of CLUSTERS) {
      const voters = { voters: count, healthy: sizeOf(alive) };
      expect([voters, isQuorum(voters)]).toEqual([voters, decides(members, alive)]);
      expect([voters, canLose(voters)]).toEqual([voters, spare(members, alive)]);
    }
  });

  it('whether it is safe to add, and to remove, restart or defragment each member', () => {
    let compared = 0;
    for (const { count, members, alive } of CLUSTERS) {
      const now = { voters: count, healthy: sizeOf(alive) };
      const agree = (said: boolean, act: keyof typeof ACTS, one: Members) => {
        compared += 1;
        if (said !== isSafe(act, members, alive, one))
          expect.fail(`${act} ${one} of ${members}, alive ${alive}: ${said}`);
      };
      agree(quorumAdvice(now, { act: 'add' }).isSafe, 'add', 2 ** count);
      for (let one = 1; one <= members; one *= 2) {
        const member = (alive & one) === 0 ? 'failed' : 'healthy';
        for (const act of ['remove', 'restart', 'defragment'] as const)
          agree(quorumAdvice(now, { act, member }).isSafe, act, one);
      }
    }
    // Of n members there are 2^n sets of failed ones, each with one addition and three acts a member.
    expect(compared).toBe(25_604);
  });
});

describe('learners have no vote: what is done to them equals the model too', () => {
  it('whether it is safe to add, remove, restart or promote one, for every set of failed voters', () => {
    let compared = 0;
    for (const { count, members, alive } of CLUSTERS) {
      const now = { voters: count, healthy: sizeOf(alive) };
      const one = 2 ** count;
      const agree = (step: Parameters<typeof quorumAdvice>[1], isSafe: boolean) => {
        compared += 1;
        expect([now, step, quorumAdvice(now, step).isSafe]).toEqual([now, step, isSafe]);
      };
      const decided = decides(members, alive);
      agree({ act: 'add-learner' }, decided);
      agree({ act: 'remove', member: 'learner' }, decided);
      agree({ act: 'restart', member: 'learner' }, true);
      agree({ act: 'defragment', member: 'learner' }, false);
      agree({ act: 'promote', member: 'healthy' }, decided && decides(members | one, alive | one));
      agree({ act: 'promote', member: 'failed' }, decided && decides(members | one, alive));
    }
    expect(compared).toBe(6 * CLUSTERS.length);
  });

  it('a learner that was added changes nothing for those that vote, and may never make things worse', () => {
    for (const { count, alive } of CLUSTERS) {
      const now = { voters: count, healthy: sizeOf(alive) };
      expect(quorumAdvice(now, { act: 'add-learner' }).meanwhile).toEqual(now);
      if (isQuorum(now)) expect(quorumAdvice(now, { act: 'promote', member: 'healthy' }).isSafe).toBe(true);
    }
  });
});

describe('advice in words', () => {
  it.each<[string, Parameters<typeof quorumAdvice>, boolean, string]>([
    ['add to three', [{ voters: 3, healthy: 3 }, { act: 'add' }], true, '3 of 4 take part and 3 are needed while the new member starts, so none of them may fail. 4 members stand no more losses than 3: have an odd number.'], // prettier-ignore
    ['add while one failed', [{ voters: 3, healthy: 2 }, { act: 'add' }], false, 'Nothing could be written: 2 of 4 take part and 3 are needed while the new member starts.'], // prettier-ignore
    ['remove that one first', [{ voters: 3, healthy: 2 }, { act: 'remove', member: 'failed' }], true, '2 of 2 take part and 2 are needed without that member, so none of them may fail. 2 members stand no more losses than 1: have an odd number.'], // prettier-ignore
    ['restart one of five', [{ voters: 5, healthy: 5 }, { act: 'restart', member: 'healthy' }], true, '4 of 5 take part and 3 are needed while that member restarts, so 1 of them may fail.'], // prettier-ignore
    ['remove without a quorum', [{ voters: 3, healthy: 1 }, { act: 'remove', member: 'failed' }], false, 'There is no quorum: 1 of 3 take part and 2 are needed. Bring a member back first.'], // prettier-ignore
    ['remove the only one', [{ voters: 1, healthy: 1 }, { act: 'remove', member: 'healthy' }], false, 'It is the only voter: without it there is no etcd.'], // prettier-ignore
    ['defragment one that is down', [{ voters: 3, healthy: 2 }, { act: 'defragment', member: 'failed' }], false, 'A member that answers nobody cannot be defragmented.'], // prettier-ignore
    ['remove one of two', [{ voters: 2, healthy: 2 }, { act: 'remove', member: 'healthy' }], true, '1 of 1 take part and 1 are needed without that member, so none of them may fail. A single member is left: the cluster stops with it.'], // prettier-ignore
    ['add a learner to three', [{ voters: 3, healthy: 3 }, { act: 'add-learner' }], true, '3 of 3 take part and 2 are needed while it learns, without a vote, so 1 of them may fail.'], // prettier-ignore
    ['promote it', [{ voters: 4, healthy: 4 }, { act: 'promote', member: 'healthy' }], true, '5 of 5 take part and 3 are needed once it has a vote, so 2 of them may fail.'], // prettier-ignore
    ['promote one that is down', [{ voters: 3, healthy: 2 }, { act: 'promote', member: 'failed' }], false, 'Nothing could be written: 2 of 4 take part and 3 are needed once it has a vote.'], // prettier-ignore
    ['defragment a learner', [{ voters: 3, healthy: 3 }, { act: 'defragment', member: 'learner' }], false, 'A learner takes no command but for its status; promote it first.'], // prettier-ignore
    ['restart a learner', [{ voters: 3, healthy: 1 }, { act: 'restart', member: 'learner' }], true, 'It has no vote, so its restart costs nothing.'], // prettier-ignore
    ['restart one that is down', [{ voters: 3, healthy: 1 }, { act: 'restart', member: 'failed' }], true, 'It takes no part now, so its restart costs nothing.'], // prettier-ignore
  ])('%s', (_, [now, step], isSafe, reason) => {
    expect(quorumAdvice(now, step)).toMatchObject({ isSafe, reason });
  });

  it('is refused of a member that is not there', () => {
    expect(() => quorumAdvice({ voters: 3, healthy: 3 }, { act: 'remove', member: 'failed' })).toThrow(RangeError);
    expect(() => quorumAdvice({ voters: 3, healthy: 0 }, { act: 'restart', member: 'healthy' })).toThrow(RangeError);
  });
});

describe('who takes part', () => {
  it.each<[string, boolean, string, boolean]>([
    ['a healthy member', true, '', true],
    ['one that is out of space', false, 'ALARM NOSPACE', true],
    ['one with corrupt data, which still votes', false, 'ALARM CORRUPT', true],
    ['one without a leader', false, 'RAFT NO LEADER', false],
    ['one that could not read', false, 'QGET ERROR:etcdserver: request timed out', false],
    ['one that gives no reason', false, '', false],
  ])('%s', (_, healthy, reason, part) => {
    expect(takesPart({ healthy, reason })).toBe(part);
  });
});
