import { describe, expect, it } from 'vitest';
import { boundBetween, boundOf, FIGURES, SIZES, type Measured, type SizeName } from '../../bench/figures.ts';
import { broken, FIGURE_IDS, reportLines, reportText } from '../../bench/report.ts';

const lineOf = (measured: Measured, figure: keyof typeof FIGURES, size: SizeName = 'small', slack = 1) => {
  const line = reportLines(measured, size, slack).find((one) => one.figure === figure);
  if (line === undefined) throw new Error(`no line for ${figure}`);
  return line;
};

/** What is promised, in the words of the promise: nothing here may be loosened to fit what is measured. */
const PROMISED = [
  { figure: 'first-nodes', small: '<= 600 ms', large: '<= 1500 ms' },
  { figure: 'nodes-ratio', small: '<= 1.5 times', large: '<= 1 times' },
  { figure: 'all-known', small: '<= 1000 ms', large: '<= 20000 ms' },
  { figure: 'key', small: '<= 16 ms', large: '<= 16 ms', held: 'p99' },
  { figure: 'key-loaded', small: '<= 33 ms', large: '<= 50 ms', held: 'p99' },
  { figure: 'block', small: '<= 20 ms', large: '<= 50 ms' },
  { figure: 'block-loaded', small: '<= 20 ms', large: '<= 50 ms' },
  { figure: 'memory-settled', small: '<= 170 MiB', large: '<= 350 MiB' },
  { figure: 'cpu', small: '<= 0.5 %', large: '<= 5 %' },
  { figure: 'move-ratio', small: '<= 1.1 times', large: '<= 1.1 times' },
  { figure: 'scroll', small: '<= 700 bytes', large: '<= 700 bytes' },
  { figure: 'cell', small: '<= 60 bytes', large: '<= 60 bytes' },
  { figure: 'quiet-bytes', small: '<= 2000 bytes', large: '<= 10000 bytes' },
  { figure: 'quiet-requests', small: '<= 12 requests', large: '<= 12 requests' },
  { figure: 'held-frames', small: '>= 70 frames', large: '>= 70 frames' },
  { figure: 'held-lag', small: '<= 50 ms', large: '<= 50 ms' },
] as const;

describe('what is promised', () => {
  it.each(PROMISED)('$figure: $small with few nodes, $large with many', ({ figure, small, large, ...rest }) => {
    for (const [size, promise] of [
      ['small', small],
      ['large', large],
    ] as const) {
      const { side, bound, unit, held } = lineOf({}, figure, size);
      expect(`${side === 'least' ? '>=' : '<='} ${bound} ${unit}`).toBe(promise);
      expect(held).toBe('held' in rest ? rest.held : 'median');
    }
  });

  it('stands first in the table', () =>
    expect(FIGURE_IDS.slice(0, PROMISED.length)).toEqual(PROMISED.map(({ figure }) => figure)));

  it.each([
    { figure: 'key', unit: 'a time', most: 48 },
    { figure: 'cpu', unit: 'a share of a core', most: 1.5 },
    { figure: 'scroll', unit: 'a number of bytes', most: 700 },
    { figure: 'nodes-ratio', unit: 'a ratio', most: 1.5 },
    { figure: 'held-frames', unit: 'a count', most: 70 },
    { figure: 'move', unit: 'a figure without bound', most: null },
  ] as const)('lets $unit be $most where the machine is busy: only times are widened', ({ figure, most }) =>
    expect(boundOf(figure, 'small', 3)).toBe(most),
  );
});

it.each([
  { figure: 'first-nodes', nodes: 100, bound: 1_800 },
  { figure: 'first-nodes', nodes: 2_550, bound: 3_150 },
  { figure: 'first-nodes', nodes: 5_000, bound: 4_500 },
  { figure: 'nodes-ratio', nodes: 2_550, bound: 1.25 },
  { figure: 'scroll', nodes: 2_550, bound: 700 },
  { figure: 'move', nodes: 2_550, bound: null },
] as const)('is $bound at most for $figure with $nodes nodes, times widened', ({ figure, nodes, bound }) =>
  expect(boundBetween(figure, nodes, 3)).toBe(bound),
);

describe('a figure', () => {
  it('has a line of its own, in the order of the table, measured or not', () => {
    expect(reportLines({}, 'small').map(({ figure }) => figure)).toEqual(FIGURE_IDS);
    expect(lineOf({}, 'first-frame')).toMatchObject({ absent: 'not measured' });
  });

  it('that could not be measured says why, and breaks no bound', () => {
    const small = reportLines({ 'nodes-ratio': { absent: 'kubectl is not installed' } }, 'small');
    expect(reportText({ small })).toContain('kubectl get nodes`, 100 nodes: kubectl is not installed\n');
    expect(broken(small)).toEqual([]);
  });

  it.each([
    { figure: 'scroll', samples: [699, 700, 5_000], holds: true },
    { figure: 'scroll', samples: [100, 701, 702], holds: false },
    { figure: 'held-frames', samples: [10, 70, 71], holds: true },
    { figure: 'held-frames', samples: [69, 69, 90], holds: false },
    { figure: 'key', samples: [...Array<number>(99).fill(16), 500], holds: true },
    { figure: 'key', samples: [...Array<number>(98).fill(1), 16.1, 500], holds: false },
  ] as const)('$figure holds its bound with $samples.length samples: $holds', ({ figure, samples, holds }) => {
    const measured: Measured = { [figure]: samples };
    expect(lineOf(measured, figure)).toMatchObject({ samples: samples.length, holds });
    expect(broken(reportLines(measured, 'small'))).toHaveLength(holds ? 0 : 1);
  });

  it('without a bound is never above it', () =>
    expect(lineOf({ 'nodes-kubectl': [1e9] }, 'nodes-kubectl')).toMatchObject({ bound: null, holds: true }));
});

it.each([
  {
    measured: { 'quiet-requests': [13] },
    said: 'requests, quiet minute: the median is 13 requests, the bound at most 12.',
  },
  {
    measured: { 'held-frames': [31] },
    said: 'held scroll key, 32 KB/s: frames of 90: the median is 31 frames, the bound at least 70.',
  },
  {
    measured: { key: [17.25] },
    said: 'key to last byte of the frame, quiet: the p99 is 17.3 ms, the bound at most 16.0.',
  },
])('says what does not hold, and by how much: $said', ({ measured, said }) =>
  expect(broken(reportLines(measured, 'large'))).toEqual([said]),
);

describe('the table', () => {
  const small = reportLines({ 'first-nodes': [210.04, 205.96, 1_204.4], key: [2, 30] }, 'small');
  const large = reportLines({ 'first-nodes': [900] }, 'large');
  const linesOf = (text: string) => text.split('\n').map((line) => line.replace(/ {2,}/g, '  '));

  it('has a row for each figure and both sizes next to each other', () => {
    const [titles, first, , , keys] = linesOf(reportText({ small, large }));
    expect(titles).toBe(
      'FIGURE  UNIT  | 100 NODES  N  MEDIAN  P95  P99  BOUND  HOLDS  | 5000 NODES  N  MEDIAN  P95  P99  BOUND  HOLDS',
    );
    expect(first).toBe(
      'first useful frame: rows of nodes  ms  |  3  210  1204  <= 600  yes  |  1  900  900  <= 1500  yes',
    );
    expect(keys).toContain('|  2  2.0  30.0  30.0  <= 16.0  NO  |  -  -  -  <= 16.0');
  });

  it('has one size alone where one was measured', () =>
    expect(linesOf(reportText({ large }))[0]).toBe('FIGURE  UNIT  | 5000 NODES  N  MEDIAN  P95  P99  BOUND  HOLDS'));

  it('tells the change of what is held since an earlier run', () => {
    const [titles, first] = linesOf(reportText({ small }, { small: { 'first-nodes': 140 } }));
    expect(titles).toContain('BOUND  HOLDS  BEFORE  CHANGE');
    expect(first).toMatch(/<= 600 {2}yes {2}140 {2}\+50 %$/);
  });

  it('has every size in order', () => expect(Object.keys(SIZES)).toEqual(['small', 'large']));
});
