import { describe, expect, it } from 'vitest';
import {
  boundBetween,
  boundOf,
  FIGURES,
  linuxOnly,
  SIZES,
  withoutKubectl,
  type Measured,
  type SizeName,
} from '../../bench/figures.ts';
import { broken, FIGURE_IDS, reportLines, reportText } from '../../bench/report.ts';

const lineOf = (measured: Measured, figure: keyof typeof FIGURES, size: SizeName = 'small', slack = 1) => {
  const line = reportLines(measured, size, slack).find((one) => one.figure === figure);
  if (line === undefined) throw new Error(`no line for ${figure}`);
  return line;
};

/** What does not hold of figures that were measured. */
const brokenOf = (measured: Measured, size: SizeName) =>
  broken(reportLines(measured, size).filter(({ figure }) => measured[figure] !== undefined));

/** What is promised, in the words of the promise: nothing here may be loosened to fit what is measured. */
const PROMISED = [
  { figure: 'first-nodes', small: '<= 600 ms', large: '<= 1500 ms' },
  { figure: 'nodes-ratio', small: '<= 1.5 times', large: '<= 1 times' },
  { figure: 'all-known', small: '<= 1000 ms', large: '<= 20000 ms' },
  { figure: 'key', small: '<= 16 ms', large: '<= 16 ms', held: 'p99' },
  { figure: 'key-loaded', small: '<= 33 ms', large: '<= 50 ms', held: 'p99' },
  { figure: 'block', small: '<= 20 ms', large: '<= 50 ms', held: 'median' },
  { figure: 'block-loaded', small: '<= 20 ms', large: '<= 50 ms', held: 'median' },
  { figure: 'memory-settled', small: '<= 170 MiB', large: '<= 350 MiB' },
  { figure: 'cpu', small: '<= 0.5 %', large: '<= 5 %' },
  { figure: 'move-ratio', small: '<= 1.1 times', large: '<= 1.1 times' },
  { figure: 'scroll', small: '<= 700 bytes', large: '<= 700 bytes' },
  { figure: 'cell', small: '<= 60 bytes', large: '<= 60 bytes' },
  { figure: 'quiet-bytes', small: '<= 2000 bytes', large: '<= 10000 bytes' },
  { figure: 'quiet-requests', small: '<= 12 requests', large: '<= 12 requests' },
  { figure: 'etcd-requests', small: '<= 2 requests', large: '<= 2 requests' },
  { figure: 'control-plane-requests', small: '<= 28 requests', large: '<= 28 requests' },
  { figure: 'held-frames', small: '>= 70 frames', large: '>= 70 frames' },
  { figure: 'held-lag', small: '<= 50 ms', large: '<= 50 ms', held: 'median' },
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

  const every = (samples: readonly number[]): Measured => Object.fromEntries(FIGURE_IDS.map((id) => [id, samples]));

  it('with a bound that was not measured is a fault', () => {
    const bounded = FIGURE_IDS.filter((figure) => FIGURES[figure].bound !== null);
    const faults = broken(reportLines({}, 'small'));
    expect(faults).toHaveLength(bounded.length);
    expect(faults[0]).toBe('first useful frame: rows of nodes: not measured, the bound at most 600.');
  });

  it.each([
    { figure: 'nodes-ratio', where: 'alone', absent: withoutKubectl({}), faults: 0 },
    { figure: 'nodes-ratio', where: 'in CI', absent: withoutKubectl({ CI: 'true' }), faults: 1 },
    { figure: 'cpu', where: 'on Linux', absent: linuxOnly('linux'), faults: 1 },
    { figure: 'cpu', where: 'elsewhere', absent: linuxOnly('darwin'), faults: 0 },
    { figure: 'nodes-kubectl', where: 'without bound', absent: withoutKubectl({ CI: 'true' }), faults: 0 },
  ] as const)('$figure that could not be measured $where is told: $faults faults', ({ figure, absent, faults }) => {
    const held = { ...every([0]), 'held-frames': [90] };
    const small = reportLines({ ...held, [figure]: absent }, 'small');
    expect(reportText({ small })).toContain(`${FIGURES[figure].what}, 100 nodes: ${absent.absent}\n`);
    expect(broken(small)).toHaveLength(faults);
  });

  it.each([
    { figure: 'scroll', samples: [699, 700, 5_000], holds: true },
    { figure: 'scroll', samples: [100, 701, 702], holds: false },
    { figure: 'held-frames', samples: [10, 70, 71], holds: true },
    { figure: 'held-frames', samples: [69, 69, 90], holds: false },
    { figure: 'block', samples: [1, 20, 200], holds: true },
    { figure: 'block-loaded', samples: [1, 20.1, 21], holds: false },
    { figure: 'key-scroll', samples: [1, 16.1], holds: false },
    { figure: 'key-sort', samples: [...Array<number>(57).fill(16), 17, 30, 500], holds: true },
    { figure: 'key-sort', samples: [...Array<number>(56).fill(16), 17, 18, 30, 500], holds: false },
    { figure: 'key-sort', samples: [...Array<number>(99).fill(16), 500], holds: true },
    { figure: 'key-sort', samples: [...Array<number>(98).fill(16), 16.1, 500], holds: false },
    { figure: 'key', samples: [...Array<number>(59).fill(16), 16.1], holds: false },
    { figure: 'key', samples: [...Array<number>(99).fill(16), 500], holds: true },
    { figure: 'key', samples: [...Array<number>(98).fill(1), 16.1, 500], holds: false },
  ] as const)('$figure holds its bound with $samples.length samples: $holds', ({ figure, samples, holds }) => {
    const measured: Measured = { [figure]: samples };
    expect(lineOf(measured, figure)).toMatchObject({ samples: samples.length, holds });
    expect(brokenOf(measured, 'small')).toHaveLength(holds ? 0 : 1);
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
    measured: { 'held-lag': [1, 60, 70] },
    said: 'held scroll key, 32 KB/s: lag at its end: the median is 60.0 ms, the bound at most 50.0.',
  },
  {
    measured: { key: [17.25] },
    said: 'key to last byte of the frame, quiet: the p99 is 17.3 ms, the bound at most 16.0.',
  },
])('says what does not hold, and by how much: $said', ({ measured, said }) =>
  expect(brokenOf(measured, 'large')).toEqual([said]),
);

describe('the table', () => {
  const small = reportLines({ 'first-nodes': [210.04, 205.96, 1_204.4], key: [2, 30] }, 'small');
  const large = reportLines({ 'first-nodes': [900] }, 'large');
  const linesOf = (text: string) => text.split('\n').map((line) => line.replace(/ {2,}/g, '  '));

  it('has a row for each figure and both sizes next to each other', () => {
    const [titles, first, , , keys] = linesOf(reportText({ small, large }));
    expect(titles).toBe(
      'FIGURE  UNIT  | 100 NODES  N  MEDIAN  P95  HELD  BOUND  HOLDS  | 5000 NODES  N  MEDIAN  P95  HELD  BOUND  HOLDS',
    );
    expect(first).toBe(
      'first useful frame: rows of nodes  ms  |  3  210  1204  <= 600  yes  |  1  900  900  <= 1500  yes',
    );
    expect(keys).toContain('|  2  2.0  30.0  p99 30.0  <= 16.0  NO  |  -  -  -  <= 16.0  NO');
  });

  it('has one size alone where one was measured', () =>
    expect(linesOf(reportText({ large }))[0]).toBe('FIGURE  UNIT  | 5000 NODES  N  MEDIAN  P95  HELD  BOUND  HOLDS'));

  it('tells the change of what is held since an earlier run', () => {
    const [titles, first] = linesOf(reportText({ small }, { small: { 'first-nodes': 140 } }));
    expect(titles).toContain('BOUND  HOLDS  BEFORE  CHANGE');
    expect(first).toMatch(/<= 600 {2}yes {2}140 {2}\+50 %$/);
  });

  it('has every size in order', () => expect(Object.keys(SIZES)).toEqual(['small', 'large']));
});
