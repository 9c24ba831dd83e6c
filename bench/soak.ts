// Lets the built console live on a busy cluster for minutes or hours and fails when anything of it grows: `npm run soak --
// --minutes 60`. Speaks on stdout: a line a minute, then the findings.
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { probeIn, type Probe } from './ask.ts';
import { startCluster, type ServedCluster } from './cluster.ts';
import { residentSet } from './memory.ts';
import { PROGRAM } from './program.ts';
import { findingsOf, whole, type Held, type Sample } from './soak/growth.ts';
import { withTerminal, type OpenTerminal } from './terminal.ts';

const SIZE = { nodes: 1_000, pods: 10_000 };
const EVENTS_A_SECOND = 50;
const SAMPLE_EVERY = 10_000;
const MINUTE = 60_000;
const MEBIBYTE = 2 ** 20;
const START_PATIENCE = 2 * MINUTE;
const PROBE_PATIENCE = 30_000;

/** What an operator does now and then, a line at each sample; each leads back to the list. */
const KEYS = [
  'jjjj',
  '\u001b[6~',
  'kk',
  'h\u001b',
  'p\u001b',
  'x\u001b',
  '\r\t\t\t\u001b',
  '/par1-w\r\u001b',
  'fcpu=1\u001b',
  'G',
  'gg',
  '?\u001b',
];

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);
if (!(minutes >= 3)) throw new Error(`--minutes ${values.minutes}: a soak takes 3 minutes or more.`);

const bytesUnder = (folder: string): number =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
    : 0;

async function untilLive(terminal: OpenTerminal): Promise<void> {
  const from = performance.now();
  while (
    !/ live +\d\d:\d\d$/.test(terminal.screen()[0] ?? '') ||
    !terminal.screen().some((row) => row.includes('pods live'))
  ) {
    if (performance.now() - from > START_PATIENCE)
      throw new Error(`The picture was not whole in time; the screen is:\n${terminal.screen().join('\n')}`);
    await pause(100);
  }
}

async function soak(
  terminal: OpenTerminal,
  cluster: ServedCluster,
  probe: Probe<{ readonly held: Held }>,
): Promise<readonly Sample[]> {
  await untilLive(terminal);
  cluster.load(EVENTS_A_SECOND);
  const samples: Sample[] = [];
  const from = performance.now();
  for (let next = from + SAMPLE_EVERY; performance.now() - from < minutes * MINUTE; next += SAMPLE_EVERY) {
    terminal.press(KEYS[samples.length % KEYS.length] ?? '');
    await pause(Math.max(next - performance.now(), 0));
    const { held: told } = await probe.ask(terminal.pid, PROBE_PATIENCE);
    const { heap, ...held } = whole(told);
    const resident = residentSet(terminal.pid)?.now ?? NaN;
    const journal = bytesUnder(cluster.environment['XDG_STATE_HOME'] ?? '');
    const sample = { at: (performance.now() - from) / 1_000, heap: heap / MEBIBYTE, resident, ...held, journal };
    samples.push(sample);
    if (samples.length % 6 === 0) process.stdout.write(`${lineOf(sample)}\n`);
  }
  return samples;
}

const lineOf = ({ at, heap, resident, sockets, timers, listeners }: Sample): string =>
  `${String(Math.round(at / 60)).padStart(4)} min   heap ${heap.toFixed(1)} MiB   resident ${resident.toFixed(0)} MiB   ` +
  `${sockets} sockets   ${timers} timers   ${listeners} listeners`;

const folder = mkdtempSync(join(tmpdir(), 'soak-'));
const probe = probeIn<{ readonly held: Held }>(folder, 'soak/probe.ts');
const cluster = await startCluster(SIZE);
try {
  const samples = await withTerminal(
    {
      columns: 120,
      rows: 36,
      command: [process.execPath, PROGRAM],
      environment: { ...cluster.environment, ...probe.environment },
    },
    (terminal) => soak(terminal, cluster, probe),
  );
  const findings = findingsOf(samples);
  for (const { what, told, broken } of findings)
    process.stdout.write(`${broken ? 'GROWS' : 'ok   '}  ${what.padEnd(20)}  ${told}\n`);
  if (findings.some(({ broken }) => broken)) process.exitCode = 1;
} finally {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
