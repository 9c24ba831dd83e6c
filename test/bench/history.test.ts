import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commitOf, heldOf, keep, keptRun, lastOf, thisMachine, type Machine } from '../../bench/history.ts';
import { reportLines } from '../../bench/report.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'history-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MACHINE: Machine = { platform: 'linux-x64', cores: 2, processor: 'Some Processor', node: '24.21.0' };
const report = { small: reportLines({ key: [1, 2.00049, 30], scroll: [600] }, 'small') };
const run = (at: string, machine = MACHINE) => keptRun({ at, commit: 'abcdef0123', machine }, report);

it('keeps of a run what was measured, small', () => {
  expect(run('2026-01-01T10:00:00.123Z').sizes).toEqual({
    small: {
      key: { n: 3, median: 2, p95: 30, p99: 30, largest: 30, held: 'p99' },
      scroll: { n: 1, median: 600, p95: 600, p99: 600, largest: 600, held: 'median' },
    },
  });
});

it('appends a file for each run, and finds the last', () => {
  const later = run('2026-01-02T10:00:00.123Z');
  keep(folder, later);
  const file = keep(folder, run('2026-01-01T10:00:00.123Z'));
  expect(file).toBe(join(folder, '2026-01-01T10-00-00.json'));
  expect(readFileSync(file, 'utf8')).toContain(
    '"key": { "n": 3, "median": 2, "p95": 30, "p99": 30, "largest": 30, "held": "p99" }',
  );
  expect(lastOf(folder, MACHINE)).toEqual(later);
});

it.each([
  { what: 'a point release of Node', machine: { node: '24.30.0' }, isFound: true },
  { what: 'another Node', machine: { node: '26.0.0' }, isFound: false },
  { what: 'more cores', machine: { cores: 8 }, isFound: false },
  { what: 'another processor', machine: { processor: 'Another' }, isFound: false },
  { what: 'another system', machine: { platform: 'darwin-arm64' }, isFound: false },
])('compares with a machine of the same kind only: $what', ({ machine, isFound }) => {
  keep(folder, run('2026-01-01T10:00:00.123Z'));
  expect(lastOf(folder, { ...MACHINE, ...machine }) !== null).toBe(isFound);
});

it('has nothing to compare with at first', () => {
  expect(lastOf(folder, MACHINE)).toBeNull();
  expect(lastOf(join(folder, 'none'), MACHINE)).toBeNull();
});

it('says which file is no run', () => {
  writeFileSync(join(folder, '2026.json'), '{');
  expect(() => lastOf(folder, MACHINE)).toThrow('2026.json');
});

it('compares what is held', () => {
  expect(heldOf(run('2026-01-01T10:00:00.123Z'))).toEqual({ small: { key: 30, scroll: 600 } });
});

it('knows this machine, and no commit where there is none', () => {
  expect(thisMachine()).toMatchObject({ node: process.versions.node });
  expect(commitOf(folder)).toBe('unknown');
});
