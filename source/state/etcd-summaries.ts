import { valueOf, whyNot } from '../model/reading.ts';
import { bytes } from '../text/amounts.ts';
import { plural } from '../text/words.ts';
import type { EtcdPicture } from './etcd.ts';
import type { EtcdRow } from './etcd-rows.ts';

const DAY = 86_400_000;

/** What the members counted over the last hour; each figure is null where no member tells it. */
export type LastHour = {
  /** Of which the counts are, ms, at most an hour: the longest that a member was seen. */
  readonly milliseconds: number | null;
  /** Why none of it is known; null where some is. */
  readonly why: string | null;
  readonly counts: readonly { readonly title: string; readonly count: number | null; readonly most: EtcdRow | null }[];
};

type Counter = Exclude<keyof EtcdRow['lastHour'], 'milliseconds'>;

/** Every member sees the same change of leaders; what the others count is each member's own. */
const COUNTERS: readonly { readonly counter: Counter; readonly title: string; readonly sum: 'largest' | 'all' }[] = [
  { counter: 'leaderChanges', title: 'leader changes', sum: 'largest' },
  { counter: 'failedProposals', title: 'failed proposals', sum: 'all' },
  { counter: 'slowApplies', title: 'slow applies', sum: 'all' },
  { counter: 'peerFailures', title: 'peer failures', sum: 'all' },
];

export function lastHourOf({ members }: EtcdPicture): LastHour {
  const spans = members.flatMap(({ lastHour: { milliseconds } }) => (milliseconds === null ? [] : [milliseconds]));
  const counts = COUNTERS.map(({ counter, title, sum }) => {
    const told = members.flatMap((row) => {
      const count = valueOf(row.lastHour[counter]);
      return count === null ? [] : [{ row, count }];
    });
    if (told.length === 0) return { title, count: null, most: null };
    const all = told.map(({ count }) => count);
    const most = told.reduce((largest, one) => (one.count > largest.count ? one : largest));
    return {
      title,
      count: sum === 'largest' ? Math.max(...all) : all.reduce((sum, one) => sum + one, 0),
      most: sum === 'all' && most.count > 0 ? most.row : null,
    };
  });
  const whys = members.flatMap(({ lastHour }) => COUNTERS.flatMap(({ counter }) => whyNot(lastHour[counter]) ?? []));
  return {
    milliseconds: spans.length === 0 ? null : Math.max(...spans),
    why: counts.some(({ count }) => count !== null) ? null : (whys[0] ?? 'no member tells it'),
    counts,
  };
}

/** The member whose file fills most of its quota, with both; null where no member tells them. */
export function fullestOf({ members }: EtcdPicture): { row: EtcdRow; size: number; quota: number } | null {
  const told = members.flatMap((row) => {
    const [size, quota] = [valueOf(row.dbSize), valueOf(row.quota)];
    return size === null || quota === null || quota <= 0 ? [] : [{ row, size, quota }];
  });
  return told.toSorted((one, other) => other.size / other.quota - one.size / one.quota)[0] ?? null;
}

/** The member of whose file the largest part is free inside, with that part and its bytes; null where no member tells it. */
export function mostFragmented({ members }: EtcdPicture): { row: EtcdRow; part: number; free: number } | null {
  const told = members.flatMap((row) => {
    const [part, size, used] = [valueOf(row.fragmentation), valueOf(row.dbSize), valueOf(row.dbSizeInUse)];
    return part === null || size === null || used === null ? [] : [{ row, part, free: Math.max(size - used, 0) }];
  });
  return told.toSorted((one, other) => other.part - one.part)[0] ?? null;
}

/** How fast etcd grows and when it is full, as a clause. */
export function growthWords({ growth }: EtcdPicture, now: number): string {
  const value = valueOf(growth);
  if (value === null) return `growth not known: ${whyNot(growth) ?? ''}`;
  const { bytesPerDay, fullAt } = value;
  if (fullAt === null) return 'it does not grow';
  const days = Math.floor((fullAt - now) / DAY);
  const when = days < 1 ? 'within a day' : days > 3_650 ? 'in more than ten years' : `in ${plural(days, 'day')}`;
  return `at this growth, ${bytes(bytesPerDay)} a day, full ${when}`;
}

/** What is left of a quota, in words. */
export const leftWords = (size: number, quota: number): string =>
  size < quota ? `${bytes(quota - size, { round: 'down' })} left` : 'nothing left';
