// Measures the built console on clusters in a box and prints one table; README.md says what each figure means.
// Exit code 1 when a figure does not hold its bound, 2 on wrong usage.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCluster } from './cluster.ts';
import { SIZES, type SizeName } from './figures.ts';
import { commitOf, heldOf, keep, keptRun, lastOf, thisMachine } from './history.ts';
import { measureAll, PLANS } from './plans.ts';
import { broken, reportLines, reportText, type Report } from './report.ts';

const USAGE = 'usage: npm run bench -- [--short] [--size small|large] [--json FILE] [--compare]';
const HISTORY = join(import.meta.dirname, 'history');
/** Times may be so many times their bound where the machine is not the bench's own. */
const SHORT_SLACK = 3;

function refuse(why: string): never {
  process.stderr.write(`bench: ${why}\n${USAGE}\n`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        short: { type: 'boolean', default: false },
        size: { type: 'string' },
        json: { type: 'string' },
        compare: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const isSize = (name: string): name is SizeName => Object.hasOwn(SIZES, name);

/** The sizes that were asked for: the small one when in a hurry, both otherwise. */
function sizesOf({ size, short }: { size?: string | undefined; short: boolean }): readonly SizeName[] {
  if (size === undefined) return short ? ['small'] : ['small', 'large'];
  return isSize(size) ? [size] : refuse(`--size ${size} is none of ${Object.keys(SIZES).join(', ')}.`);
}

const values = readArguments();
const sizes = sizesOf(values);
const plans = values.short ? PLANS.short : PLANS.full;
const slack = values.short ? SHORT_SLACK : 1;
const about = { at: new Date().toISOString(), commit: commitOf(import.meta.dirname), machine: thisMachine() };
const load = loadavg()[0] ?? NaN;
const say = (what: string) => process.stderr.write(`bench: ${what}\n`);
const earlier = values.compare ? lastOf(HISTORY, about.machine) : null;
if (values.compare && earlier === null) say('no run on a machine of this kind is kept to compare with');

const report: { -readonly [Name in SizeName]?: Report[Name] } = {};
for (const name of sizes) {
  const size = SIZES[name];
  say(`starts a cluster of ${size.nodes} nodes and ${size.pods} pods`);
  const cluster = await startCluster(size);
  try {
    report[name] = reportLines(await measureAll(cluster, size, plans[name], say), name, slack);
  } finally {
    await cluster.stop();
  }
}

const { platform, cores, processor, node } = about.machine;
const pods = sizes.map((name) => `${SIZES[name].nodes} nodes with ${SIZES[name].pods} pods`).join(', ');
process.stdout.write(
  `${pods}; 200x60 where no other screen is named\n` +
    `${cores} cores of ${processor}, Node ${node}, ${platform}; commit ${about.commit}; load ${load.toFixed(1)} before\n` +
    (values.short ? `few runs; times are held to ${SHORT_SLACK} times their bound\n` : '') +
    (earlier === null ? '' : `compared with ${earlier.commit} of ${earlier.at}\n`) +
    `\n${reportText(report, earlier === null ? null : heldOf(earlier))}`,
);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ ...about, load, plans, sizes: report }, null, 2)}\n`);
if (!values.short && values.size === undefined) say(`kept in ${keep(HISTORY, keptRun(about, report))}`);

const faults = sizes.flatMap((name) =>
  broken(report[name] ?? []).map((fault) => `${SIZES[name].nodes} nodes: ${fault}`),
);
for (const fault of faults) say(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
