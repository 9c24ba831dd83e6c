import { expect, test } from 'vitest';
import { MEASURE_EVERY } from '../../../source/state/collectors.ts';
import { manualClock } from '../../../source/sandbox/sandbox.ts';
import { changeWorld, openLive, startSite } from './live-screen.tsx';

const MINUTE = 60_000;
const STEP = 5_000;
/** What a console may cost an API server while its operator only looks. */
const BUDGET = 12;

// Both sides live through the minute in steps.
test('in a minute in which the operator does nothing, the server is asked a few times at most', async ({
  onTestFinished,
}) => {
  const time = manualClock(Date.now());
  const site = await startSite(onTestFinished, { clock: time, heartbeats: true, churn: true });
  const { screen, clock, session } = await openLive(onTestFinished, site);
  await screen.untilText('nodes live   pods live   events live');
  await screen.until(() => session.store.state.rights.patchNodes !== null && session.store.state.latency !== null);

  const before = site.box.requests.length;
  let measured = 0;
  let latency = session.store.state.latency;
  session.store.subscribe(() => {
    if (session.store.state.latency !== latency) measured += 1;
    ({ latency } = session.store.state);
  });
  for (let passed = 0; passed < MINUTE; passed += STEP) {
    time.advance(STEP);
    clock.jump(STEP);
    const due = Math.floor((passed + STEP) / MEASURE_EVERY);
    await screen.until(() => measured >= due, `${String(due)} measurements`);
  }
  changeWorld(site.box, 'par1-worker-1');
  await screen.untilText('= Cordoned');

  const asked = site.box.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
  expect(asked.length, asked.join('\n')).toBeLessThanOrEqual(BUDGET);
  // The round trip, and what the nodes use, each twice a minute.
  const both = ['GET /api/v1/nodes?limit=1', 'GET /apis/metrics.k8s.io/v1beta1/nodes'];
  expect(asked.toSorted()).toEqual(
    both.flatMap((request) => Array.from({ length: MINUTE / MEASURE_EVERY }, () => request)),
  );
});
