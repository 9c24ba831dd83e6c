import { expect, test } from 'vitest';
import { manualClock } from '../../../source/sandbox/sandbox.ts';
import { changeWorld, openLive, startSite } from './live-screen.tsx';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** What a console may cost an API server while its operator only looks. */
const BUDGET = 12;
/** A minute that begins between two questions of each kind: no answer that is a little late moves one out of it. */
const BETWEEN = 10 * SECOND;
/** Screens are drawn and ages move on sooner; whatever waits longer waits for its next question. */
const LONGEST_TO_DRAW = 10 * SECOND;

const POD = '/api/v1/namespaces/kube-system/pods/etcd-par1';
/** What is asked in every minute: of etcd one thing each 15 s, the health of all members first. */
const ASKED = [
  `${POD}-bootstrap:2381/proxy/health`,
  `${POD}-bootstrap:2381/proxy/metrics`,
  `${POD}-control-1:2381/proxy/health`,
  `${POD}-control-2:2381/proxy/health`,
  '/api/v1/nodes?limit=1',
  '/api/v1/nodes?limit=1',
  '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases',
  '/apis/metrics.k8s.io/v1beta1/nodes',
  '/apis/metrics.k8s.io/v1beta1/nodes',
];
/** What is asked every five and every ten minutes: once in some minute, before this one. */
const SELDOM = [
  '/apis/batch/v1/namespaces/kube-system/jobs',
  '/apis/metalk8s.scality.com/v1alpha1/clusterconfigs/main',
];

// Both sides live through the minute in steps.
test('in a minute in which the operator does nothing, the server is asked a few times at most', async ({
  onTestFinished,
}) => {
  const time = manualClock(Date.now());
  const site = await startSite(onTestFinished, { clock: time, heartbeats: true, churn: true });
  const { screen, clock, session } = await openLive(onTestFinished, site);
  const asked = () => site.box.requests.map(({ path }) => path.replace(/\/exec\?.*/, '/exec'));
  const waiting = () => clock.waits().filter((wait) => wait > LONGEST_TO_DRAW).length;
  /** Lets so much time go by, that in which this machine does something else included. */
  const passUntil = async (end: number) => {
    const atRest = waiting();
    for (let now = clock.now(); now < end; now = clock.now()) {
      const step = Math.min(SECOND, end - now);
      time.advance(step);
      clock.jump(step);
      await until(() => waiting() === atRest);
    }
  };

  await screen.untilText('nodes live   pods live   events live   usage live');
  const began = clock.now();
  const { store } = session;
  await until(() => store.state.rights.patchNodes !== null && store.state.latency !== null);
  clock.jump(SECOND);
  await until(() => SELDOM.every((path) => asked().includes(path)));
  await until(() => (store.state.asked.etcdMembership.get('')?.answer ?? null) !== null);
  await until(() => waiting() === site.box.requests.filter(isWatch).length + RHYTHMS);
  await passUntil(began + BETWEEN);

  const before = asked().length;
  await passUntil(began + BETWEEN + MINUTE);
  changeWorld(site.box, 'par1-worker-1');
  await screen.untilText('= Cordoned');
  expect(asked().slice(before).toSorted()).toEqual(ASKED);
  expect(ASKED.length + SELDOM.length).toBeLessThanOrEqual(BUDGET);
  expect(new Set(site.box.requests.slice(before).map(({ method }) => method))).toEqual(new Set(['GET']));
});

/** Questions that are asked again and again: etcd, the round trip, usage, leases, backups, certificates, those of clients. */
const RHYTHMS = 7;
const isWatch = ({ path }: { readonly path: string }): boolean => path.includes('watch=1');

/** Resolves when a condition holds that no event tells of; the test's own time limit is the bound. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}
