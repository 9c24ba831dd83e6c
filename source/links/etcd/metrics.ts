import type { Histogram } from '../../model/histogram.ts';

/** One line of a metrics page. */
export type Sample = {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** NaN and the infinities too, as the page has them. */
  readonly value: number;
};

/** A longer line is none that is wanted: etcd's own are below 200 characters. */
const LONGEST_LINE = 2_048;

const LINE = /^[a-zA-Z_:][\w:]*(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?[ \t\r]*$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const WORDS: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['+inf', Infinity],
  ['-inf', -Infinity],
]);
const ESCAPES: ReadonlyMap<string, string> = new Map([['n', '\n']]);

/** A float as Go writes it; null for anything else. */
function numberOf(text: string): number | null {
  if (NUMBER.test(text)) return Number(text);
  return WORDS.get(text.toLowerCase()) ?? null;
}

const labelsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    Array.from(text.matchAll(LABEL), ([, name, value]) => [
      String(name),
      String(value).replace(/\\(.)/g, (_, letter: string) => ESCAPES.get(letter) ?? letter),
    ]),
  );

/** Where the name of the sample ends that begins at `start`: at its labels or before its value. */
function endOfName(text: string, start: number, end: number): number {
  for (let index = start; index < end; index += 1) {
    const character = text[index];
    if (character === '{' || character === ' ' || character === '\t') return index;
  }
  return end;
}

/**
 * The samples with one of these names, of a page in the text format of Prometheus ("Exposition formats", 0.0.4). Lines
 * of other names are passed over without a look at the rest of them; lines that are no samples are left out, and so is
 * one that does not end: half of a number is another number.
 */
export function* samplesIn(page: string, names: ReadonlySet<string>): Generator<Sample> {
  for (let start = 0; start < page.length;) {
    const end = page.indexOf('\n', start);
    if (end === -1) return;
    const name = page.slice(start, endOfName(page, start, Math.min(end, start + LONGEST_LINE)));
    if (names.has(name) && end - start <= LONGEST_LINE) {
      const [line, labels, number] = LINE.exec(page.slice(start, end)) ?? [];
      const value = number === undefined ? null : numberOf(number);
      if (line !== undefined && value !== null) yield { name, labels: labelsOf(labels ?? ''), value };
    }
    start = end + 1;
  }
}

/** Buckets of a histogram; etcd's own have some twenty. */
const MOST_BUCKETS = 128;

/**
 * The buckets of one histogram in any order; null where they are none that a quantile can be made of: fewer than two or
 * more than 128, none up to infinity, or a count that is no number. A count below that of a smaller bound is raised to it, as
 * Prometheus does.
 */
export function histogramOf(buckets: readonly Sample[]): Histogram | null {
  if (buckets.length > MOST_BUCKETS) return null;
  const counts = new Map<number, number>();
  for (const { labels, value } of buckets) {
    const bound = numberOf(labels.get('le') ?? '');
    if (bound === null || Number.isNaN(bound) || !Number.isFinite(value) || value < 0) return null;
    counts.set(bound, value);
  }
  const sorted = [...counts].toSorted(([one], [other]) => one - other);
  if (sorted.length < 2 || sorted.at(-1)?.[0] !== Infinity) return null;
  let most = 0;
  return { bounds: sorted.map(([bound]) => bound), counts: sorted.map(([, count]) => (most = Math.max(most, count))) };
}
