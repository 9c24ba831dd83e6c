// Loaded into the console that is measured (`--import`): how long its main thread was busy at a stretch. A timer is due every
// millisecond; what it comes later is a block, garbage collection included. What of that the thread was ready to run and waited
// for a core is told apart: the cluster and the terminal, which stand elsewhere in life, compute on the same cores. On SIGUSR2
// it writes how often it was asked, and the longest block since it was last asked without and with waiting, in ms, to the file
// named by BENCH_PROBE.
import { openSync, readSync, renameSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION = 1;
const NANOSECONDS = 1e6;
const file = process.env['BENCH_PROBE'];

/** How long this thread has been ready to run without a core, ms: the second field of its schedstat. Zero where there is none. */
function waitingTime(): () => number {
  if (process.platform !== 'linux') return () => 0;
  const statistics = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  const buffer = Buffer.alloc(128);
  return () =>
    Number(buffer.toString('latin1', 0, readSync(statistics, buffer, 0, 128, 0)).split(' ')[1]) / NANOSECONDS;
}

if (isMainThread && file !== undefined) {
  const waited = waitingTime();
  let [asked, longest, withWaiting] = [0, 0, 0];
  let [before, waitedBefore] = [performance.now(), waited()];
  const look = () => {
    const [now, waitedNow] = [performance.now(), waited()];
    const late = Math.max(now - before - RESOLUTION, 0);
    withWaiting = Math.max(withWaiting, late);
    longest = Math.max(longest, late - (waitedNow - waitedBefore));
    [before, waitedBefore] = [now, waitedNow];
    setTimeout(look, RESOLUTION).unref();
  };
  look();
  process.on('SIGUSR2', () => {
    asked += 1;
    writeFileSync(`${file}.next`, JSON.stringify({ asked, longest, withWaiting }));
    renameSync(`${file}.next`, file);
    [longest, withWaiting] = [0, 0];
  });
}
