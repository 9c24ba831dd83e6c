import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import type { Held } from './figures.ts';
import type { Earlier, Line, Report } from './report.ts';

/** What decides how fast programs run; only runs on machines of one kind can be compared. */
export type Machine = {
  readonly platform: string;
  readonly cores: number;
  readonly processor: string;
  readonly node: string;
};

/** A run as it is kept: of each figure that was measured the samples' count and statistics. */
export type Kept = {
  /** ISO 8601, in UTC. */
  readonly at: string;
  /** What was measured, short; with a plus when files of the tree differed from it. */
  readonly commit: string;
  readonly machine: Machine;
  readonly sizes: Readonly<Record<string, Readonly<Record<string, KeptFigure>>>>;
};

type KeptFigure = {
  readonly n: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly largest: number;
  readonly held: Held;
};

export const thisMachine = (): Machine => ({
  platform: `${process.platform}-${process.arch}`,
  cores: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  node: process.versions.node,
});

/** The commit that is checked out at a folder; "unknown" where git does not tell. */
export function commitOf(folder: string): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const differs = git('status', '--porcelain', '--untracked-files=no', '--', 'source', 'cli.tsx', 'tools') !== '';
    return `${git('rev-parse', '--short=10', 'HEAD')}${differs ? '+' : ''}`;
  } catch {
    // A copy without its history can be measured as well.
    return 'unknown';
  }
}

const digits = (value: number) => Number(value.toPrecision(4));

function keptLine(line: Line): [string, KeptFigure][] {
  if ('absent' in line) return [];
  const { figure, samples, held } = line;
  const statistics = { median: digits(line.median), p95: digits(line.p95), p99: digits(line.p99) };
  return [[figure, { n: samples, ...statistics, largest: digits(line.largest), held }]];
}

/** What is kept of a report. */
export const keptRun = (about: Omit<Kept, 'sizes'>, report: Report): Kept => ({
  ...about,
  sizes: Object.fromEntries(
    Object.entries(report).map(([size, lines]) => [size, Object.fromEntries(lines.flatMap(keptLine))]),
  ),
});

/** The same kind: a point release of Node makes no other. */
const isSameKind = (one: Machine, other: Machine): boolean =>
  one.platform === other.platform &&
  one.cores === other.cores &&
  one.processor === other.processor &&
  one.node.split('.')[0] === other.node.split('.')[0];

/** Appends a run to the folder, as a file of its own; answers with the file. */
export function keep(folder: string, kept: Kept): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${kept.at.slice(0, 19).replaceAll(':', '-')}.json`);
  const figures = JSON.stringify(kept, null, 1).replace(/\{\s+"n"[^}]*\}/g, (one) => one.replace(/\s+/g, ' '));
  writeFileSync(file, `${figures}\n`);
  return file;
}

/** The last run in the folder on a machine of this kind; null when there is none. Throws on a file that is no run. */
export function lastOf(folder: string, machine: Machine): Kept | null {
  if (!existsSync(folder)) return null;
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return (
    names
      .sort()
      .map((name) => readRun(join(folder, name)))
      .findLast((run) => isSameKind(run.machine, machine)) ?? null
  );
}

function readRun(file: string): Kept {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch (cause) {
    throw new Error(`${file} is no kept run: take it away or put it right.`, { cause });
  }
}

/** The held statistics of a run, to be compared with. */
export const heldOf = ({ sizes }: Kept): Earlier =>
  Object.fromEntries(
    Object.entries(sizes).map(([size, figures]) => [
      size,
      Object.fromEntries(Object.entries(figures).map(([figure, one]) => [figure, one[one.held]])),
    ]),
  );
