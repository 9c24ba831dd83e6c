// Loaded into the console that is measured (`--import`): how long its main thread was busy at a stretch. A timer is due every
// millisecond; what it comes later is a block, garbage collection and waiting for a core included. On SIGUSR2 it writes how
// often it was asked and the longest block since it was last asked, in ms, to the file named by BENCH_PROBE.
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION = 1;
const NANOSECONDS = 1e6;
const file = process.env['BENCH_PROBE'];

if (isMainThread && file !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  let asked = 0;
  process.on('SIGUSR2', () => {
    const longest = Math.max(delay.max / NANOSECONDS - RESOLUTION, 0);
    delay.reset();
    asked += 1;
    writeFileSync(`${file}.next`, JSON.stringify({ asked, longest }));
    renameSync(`${file}.next`, file);
  });
  delay.enable();
}
