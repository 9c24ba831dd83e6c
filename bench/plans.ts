import type { ServedCluster } from './cluster.ts';
import type { Measured, Size, SizeName } from './figures.ts';
import { measureAttended, type AttendedPlan } from './measures/attended.ts';
import { measureCell } from './measures/cell.ts';
import { measureCommands, type CommandsPlan } from './measures/commands.ts';
import { measureHeadroom } from './measures/headroom.ts';
import { measureHeld } from './measures/held.ts';
import { measureLoaded, type LoadedPlan } from './measures/loaded.ts';
import { measurePages } from './measures/pages.ts';
import { measureQuiet, type QuietPlan } from './measures/quiet.ts';
import { measureScreens, type ScreensPlan } from './measures/screens.ts';
import { measureStart, type StartPlan } from './measures/start.ts';
import { measureThinLine } from './measures/thin-line.ts';

/** How often and how long everything is measured. */
export type Plan = {
  readonly start: StartPlan;
  readonly screens: ScreensPlan;
  readonly pages: { readonly rounds: number };
  readonly loaded: LoadedPlan;
  readonly held: { readonly runs: number };
  readonly cell: { readonly changes: number };
  readonly quiet: QuietPlan;
  readonly attended: AttendedPlan;
  readonly headroom: { readonly runs: number };
  readonly commands: CommandsPlan;
  readonly thinLine: { readonly runs: number };
};

const FULL: Plan = {
  start: { runs: 7, settling: 8_000 },
  screens: { moves: 300, scrolls: 20, few: 60, counted: 20 },
  pages: { rounds: 100 },
  loaded: { runs: 5, after: 8_000 },
  held: { runs: 3 },
  cell: { changes: 10 },
  quiet: { settling: 8_000, seconds: 60 },
  attended: { settling: 5_000, etcd: 30, controlPlane: 60 },
  headroom: { runs: 40 },
  commands: { pairs: 15, withPods: 3 },
  thinLine: { runs: 3 },
};

/** The large size takes longer to start, so that it is started less often. */
const FULL_LARGE: Plan = {
  ...FULL,
  start: { runs: 5, settling: 8_000 },
  loaded: { runs: 3, after: 8_000 },
  commands: { pairs: 15, withPods: 1 },
  thinLine: { runs: 2 },
};

const SHORT: Plan = {
  start: { runs: 3, settling: 5_000 },
  screens: { moves: 100, scrolls: 10, few: 20, counted: 10 },
  pages: { rounds: 60 },
  loaded: { runs: 5, after: 4_000 },
  held: { runs: 2 },
  cell: { changes: 5 },
  quiet: { settling: 5_000, seconds: 30 },
  attended: { settling: 2_000, etcd: 15, controlPlane: 30 },
  headroom: { runs: 40 },
  commands: { pairs: 9, withPods: 1 },
  thinLine: { runs: 1 },
};

/** One run of each, for a machine that has minutes: counts, bytes and ratios need no more. */
const SHORT_LARGE: Plan = {
  start: { runs: 1, settling: 5_000 },
  screens: { moves: 100, scrolls: 10, few: 10, counted: 5 },
  pages: { rounds: 60 },
  loaded: { runs: 3, after: 3_000 },
  held: { runs: 1 },
  cell: { changes: 3 },
  quiet: { settling: 5_000, seconds: 30 },
  attended: { settling: 2_000, etcd: 15, controlPlane: 30 },
  headroom: { runs: 10 },
  commands: { pairs: 9, withPods: 1 },
  thinLine: { runs: 1 },
};

export const PLANS = {
  full: { small: FULL, large: FULL_LARGE },
  short: { small: SHORT, large: SHORT_LARGE },
} as const satisfies Readonly<Record<string, Readonly<Record<SizeName, Plan>>>>;

type Step = {
  readonly does: string;
  readonly measure: (cluster: ServedCluster, size: Size, plan: Plan) => Promise<Measured>;
};

const STEPS: readonly Step[] = [
  { does: 'starts the console', measure: (cluster, _, { start }) => measureStart(cluster, start) },
  { does: 'runs commands', measure: (cluster, _, { commands }) => measureCommands(cluster, commands) },
  {
    does: 'presses keys on three screens',
    measure: (cluster, { nodes }, { screens }) => measureScreens(cluster, nodes, screens),
  },
  { does: 'opens and leaves pages', measure: (cluster, _, { pages }) => measurePages(cluster, pages) },
  { does: 'presses keys while all loads', measure: (cluster, _, { loaded }) => measureLoaded(cluster, loaded) },
  {
    does: 'holds a key on a thin line',
    measure: (cluster, { nodes }, { held }) => measureHeld(cluster, nodes, held),
  },
  { does: 'changes one cell', measure: (cluster, _, { cell }) => measureCell(cluster, cell) },
  { does: 'leaves the console alone', measure: (cluster, _, { quiet }) => measureQuiet(cluster, quiet) },
  {
    does: 'looks at etcd and the control plane',
    measure: (cluster, _, { attended }) => measureAttended(cluster, attended),
  },
  { does: 'reads over a thin line', measure: (cluster, _, { thinLine }) => measureThinLine(cluster, thinLine) },
  { does: 'works out room', measure: (cluster, _, { headroom }) => measureHeadroom(cluster, headroom) },
];

/** Measures everything of one cluster; `say` is told what is done. */
export async function measureAll(
  cluster: ServedCluster,
  size: Size,
  plan: Plan,
  say: (what: string) => void,
): Promise<Measured> {
  let measured: Measured = {};
  for (const { does, measure } of STEPS) {
    const startedAt = performance.now();
    measured = { ...measured, ...(await measure(cluster, size, plan)) };
    say(`${does}: ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  }
  return measured;
}
