import { absent, mapReading, valueOf, type Reading } from '../model/reading.ts';
import type { OwnRow } from './etcd-rows.ts';
import { growthOf, LEAST_SPAN } from './etcd-series.ts';

/** How fast the file of the member grows that is full first; `fullAt` is ms since the epoch, null while it does not grow. */
export type EtcdGrowth = { readonly member: string; readonly bytesPerDay: number; readonly fullAt: number | null };

const DAY = 86_400_000;
const TOO_SHORT = absent(`the console has to see etcd for ${LEAST_SPAN / 60_000} minutes to tell it`);

type Row = Pick<OwnRow, 'key' | 'samples' | 'dbSize' | 'quota'>;

/** When a file that grows by so much a ms has the size of its quota; null for one that does not grow, or has no quota. */
function fullAt({ samples, dbSize, quota }: Row, growth: number): number | null {
  const [size, most, at] = [valueOf(dbSize), valueOf(quota), samples.at(-1)?.at];
  if (size === null || most === null || at === undefined || growth <= 0) return null;
  return at + Math.max(0, most - size) / growth;
}

/** Of the members that are seen for long enough, the one that is full first; where none will be, the one that grows most. */
export function etcdGrowth(rows: readonly Row[]): Reading<EtcdGrowth> {
  const growing = rows.flatMap((row) => {
    const growth = growthOf(row.samples);
    return growth === null ? [] : [{ row, growth, full: fullAt(row, growth) }];
  });
  const [first] = growing.toSorted(
    (one, other) => (one.full ?? Infinity) - (other.full ?? Infinity) || other.growth - one.growth,
  );
  if (first === undefined) return TOO_SHORT;
  const { row, growth, full } = first;
  return mapReading(row.dbSize, () => ({ member: row.key, bytesPerDay: growth * DAY, fullAt: full }));
}
