// Measures the built console on a cluster in a box and prints one table; README.md says what each figure means.
// Exit code 1 when a figure is above its bound, 2 on wrong usage.
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startCluster } from './cluster.ts';
import type { Measured, Size } from './figures.ts';
import { measureCommands } from './measures/commands.ts';
import { measureHeadroom } from './measures/headroom.ts';
import { measureKeys } from './measures/keys.ts';
import { measureQuiet } from './measures/quiet.ts';
import { measureStart } from './measures/start.ts';
import { broken, reportLines, reportText } from './report.ts';

const USAGE = 'usage: npm run bench -- [--short] [--nodes N] [--pods P] [--json FILE]';
const FULL = {
  size: { nodes: 1_000, pods: 30_000 },
  start: { runs: 7, settling: 10_000 },
  keys: { moves: 200, scrolls: 100 },
  quiet: { seconds: 60 },
  headroom: { runs: 40 },
  commands: { runs: 7 },
};
const SHORT: typeof FULL = {
  size: { nodes: 100, pods: 3_000 },
  start: { runs: 3, settling: 3_000 },
  keys: { moves: 60, scrolls: 30 },
  quiet: { seconds: 20 },
  headroom: { runs: 40 },
  commands: { runs: 3 },
};
/** More than any screen shows, so that a list can be scrolled. */
const FEWEST_NODES = 100;

function refuse(why: string): never {
  process.stderr.write(`bench: ${why}\n${USAGE}\n`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        short: { type: 'boolean', default: false },
        nodes: { type: 'string' },
        pods: { type: 'string' },
        json: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function readCount(flag: string, text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise;
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < least) refuse(`--${flag} ${text} is no whole number from ${least} on.`);
  return count;
}

const values = readArguments();
const plan = values.short ? SHORT : FULL;
const size: Size = {
  nodes: readCount('nodes', values.nodes, plan.size.nodes, FEWEST_NODES),
  pods: readCount('pods', values.pods, plan.size.pods, 0),
};
const machine = {
  cores: availableParallelism(),
  node: process.versions.node,
  platform: `${process.platform}-${process.arch}`,
  load: loadavg()[0],
};
const say = (what: string) => process.stderr.write(`bench: ${what}\n`);

const at = new Date().toISOString();
say(`starts a cluster of ${size.nodes} nodes and ${size.pods} pods`);
const cluster = await startCluster(size);
let measured: Measured;
try {
  say(`starts the console ${plan.start.runs} times`);
  const start = await measureStart(cluster, plan.start);
  say('presses keys on screens of three sizes');
  const keys = await measureKeys(cluster, size.nodes, plan.keys);
  say(`leaves the console alone for ${plan.quiet.seconds} s`);
  const quiet = await measureQuiet(cluster, plan.quiet);
  say('works out room');
  const headroom = await measureHeadroom(cluster, plan.headroom);
  say(`runs the commands ${plan.commands.runs} times`);
  measured = { ...start, ...keys, ...quiet, ...headroom, ...(await measureCommands(cluster, plan.commands)) };
} finally {
  await cluster.stop();
}

const lines = reportLines(measured, size);
const faults = broken(lines);
process.stdout.write(
  `${size.nodes} nodes, ${size.pods} pods; ${machine.cores} cores, Node ${machine.node}, ${machine.platform}\n` +
    (plan.quiet.seconds === 60 ? '' : `a quiet minute is extrapolated from ${plan.quiet.seconds} s\n`) +
    `\n${reportText(lines)}`,
);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ at, size, machine, plan, figures: lines }, null, 2)}\n`);
for (const fault of faults) say(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
