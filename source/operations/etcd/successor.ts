import { quantile } from '../../model/histogram.ts';
import { isLeader } from './etcd-rules.ts';
import { isSound, memberWords, type Seat, type Survey } from './survey.ts';

/** Proposals that it has yet to apply; what is not told comes after all that is. */
const lagOf = (seat: Seat, furthest: number): number => {
  const applied = seat.figures?.applied ?? null;
  return applied === null ? Infinity : furthest - applied;
};

/** Seconds that 99 of 100 writes to its log took at most since it started; null where it does not tell. */
const slownessOf = ({ figures }: Seat): number | null =>
  figures?.fsync === undefined || figures.fsync === null ? null : quantile(0.99, figures.fsync);

/** A few proposals apart is the same: the members were not asked at one instant. */
const SAME_LAG = 100;

/**
 * The healthiest follower, who would lead best: sound, a voter, close behind, quick to write its log. Null without one.
 */
export function bestSuccessor(survey: Survey): Seat | null {
  const furthest = Math.max(...survey.seats.map(({ figures }) => figures?.committed ?? -Infinity));
  const rank = (seat: Seat): readonly number[] => [
    Math.floor(lagOf(seat, furthest) / SAME_LAG),
    slownessOf(seat) ?? Infinity,
  ];
  const able = survey.seats.filter(
    (seat) => isSound(seat, true) && !seat.member.isLearner && seat.node !== null && !isLeader(survey, seat),
  );
  return (
    able.toSorted((one, other) => {
      const [mine, theirs] = [rank(one), rank(other)];
      const at = mine.findIndex((value, place) => value !== theirs[place]);
      if (at === -1) return memberWords(one.member) < memberWords(other.member) ? -1 : 1;
      return (mine[at] ?? Infinity) < (theirs[at] ?? Infinity) ? -1 : 1;
    })[0] ?? null
  );
}
