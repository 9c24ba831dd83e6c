import { describe, expect, it } from 'vitest';
import { FIGURES, type FigureId, type Measured } from '../../bench/figures.ts';
import { broken, reportLines, reportText } from '../../bench/report.ts';

const SIZE = { nodes: 1_000, pods: 30_000 };
const FIGURE_IDS = Object.keys(FIGURES) as FigureId[];

const lineOf = (measured: Measured, figure: FigureId) => {
  const line = reportLines(measured, SIZE).find((one) => one.figure === figure);
  if (line === undefined) throw new Error(`no line for ${figure}`);
  return line;
};

describe('a figure', () => {
  it('has a line of its own, in the order of the table, measured or not', () => {
    expect(reportLines({}, SIZE).map(({ figure }) => figure)).toEqual(FIGURE_IDS);
    expect(lineOf({}, 'first-frame')).toMatchObject({ absent: 'not measured' });
  });

  it('that could not be measured says why, and breaks no bound', () => {
    const measured: Measured = { 'nodes-ratio': { absent: 'kubectl is not installed' } };
    expect(reportText(reportLines(measured, SIZE))).toContain('kubectl is not installed');
    expect(broken(reportLines(measured, SIZE))).toEqual([]);
  });

  it.each([
    { samples: [1_199, 1_200, 5_000], holds: true },
    { samples: [1_000, 1_201, 1_202], holds: false },
  ])('of $samples bytes holds its bound: $holds, by its median alone', ({ samples, holds }) => {
    const measured: Measured = { 'move-200x60': samples };
    expect(lineOf(measured, 'move-200x60')).toMatchObject({ most: 1_200, samples: 3, holds });
    expect(broken(reportLines(measured, SIZE))).toHaveLength(holds ? 0 : 1);
  });

  it('without a bound is never above it', () =>
    expect(lineOf({ 'nodes-kubectl': [1e9] }, 'nodes-kubectl')).toMatchObject({ most: null, holds: true }));
});

it('says which figure is above its bound, and by how much', () =>
  expect(broken(reportLines({ 'quiet-requests': [13] }, SIZE))).toEqual([
    'requests to the API server, quiet minute: the median is 13 requests, the bound 12.',
  ]));

it('prints one aligned table', () => {
  const lines = reportLines({ 'first-frame': [210.04, 205.96, 1_204.4], 'move-80x24': [264, 264] }, SIZE);
  const [titles = '', first = ''] = reportText(lines).split('\n');
  expect(titles).toMatch(/^FIGURE +UNIT +N +MEDIAN +P95 +P99 +AT MOST$/);
  expect(first).toMatch(/^first frame +ms +3 +210 +1204 +1204 +\d+$/);
  expect(first.indexOf('ms')).toBe(titles.indexOf('UNIT'));
  expect(first.trimEnd()).toHaveLength(titles.length);
});

it('has a bound that rises with the cluster where the work does', () => {
  for (const figure of ['all-known', 'requests-start', 'memory-settled'] as const)
    expect(FIGURES[figure].most({ nodes: 5_000, pods: 150_000 })).toBeGreaterThan(FIGURES[figure].most(SIZE));
});
