// Keeps the traffic of the tests on this machine: whatever the API server is asked to reach on a seeded address is refused here.
import { execFileSync } from 'node:child_process';
import { isAlive } from './process.ts';

/** The range set aside for tests of network devices (RFC 2544): every seeded node, pod and service has its address in it. */
export const SEEDED_RANGE = '198.18.0.0/15';
/** Its part for services. */
export const SERVICE_RANGE = '198.19.0.0/16';

const FIRST_METRIC = 2_000_000_000;
let users = 0;

const ip = (...words: string[]): string => execFileSync('ip', words, { encoding: 'utf8', stdio: 'pipe' });

/** The metric makes a route one process's own, so that test runs side by side do not take away each other's. */
const route = (action: 'add' | 'del', pid: number) =>
  ip('route', action, 'unreachable', SEEDED_RANGE, 'metric', String(FIRST_METRIC + pid));

/** Processes that hold a route, among them those that were killed before they could take it away. */
const holders = (): number[] =>
  [
    ...ip('route', 'show', 'type', 'unreachable').matchAll(
      new RegExp(`^unreachable ${SEEDED_RANGE} .*metric (\\d+)`, 'gm'),
    ),
  ]
    .map((match) => Number(match[1]) - FIRST_METRIC)
    .filter((pid) => pid > 0);

function attempt(change: () => void): void {
  try {
    change();
  } catch (error) {
    process.stderr.write(`The route that contains seeded addresses could not be changed: ${String(error)}\n`);
  }
}

/**
 * Makes the seeded range unreachable until the function that it returns is called, and clears away what killed runs have left.
 * Without root it changes nothing, and without the right to set routes it says so on standard error and goes on: addresses of that
 * range lead nowhere on the open network either.
 */
export function containTraffic(): () => void {
  if (process.getuid?.() !== 0) return () => undefined;
  if (users === 0) attempt(() => route('add', process.pid));
  attempt(() => {
    for (const pid of holders()) if (!isAlive(pid)) route('del', pid);
  });
  users += 1;
  let released = false;
  return () => {
    if (released) return;
    released = true;
    users -= 1;
    if (users === 0) attempt(() => route('del', process.pid));
  };
}
