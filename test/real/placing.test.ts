// Where pods go: what fits, what keeps a pod off, and what a loss would cost, as the console works it out, against the real
// scheduler, which is given the very pods.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Site } from '../../source/model/headroom/site.ts';
import type { PodRow } from '../../source/model/kubernetes/pod.ts';
import { seededRandom } from '../../source/sandbox/random.ts';
import { openOnce } from '../../source/session/open-session.ts';
import { siteOf } from '../../source/state/site.ts';
import { recordAgreement } from './agreement.ts';
import type { Comparison } from './comparison.ts';
import { met, type Court } from './placing/court.ts';
import { compareFits, FITS } from './placing/fits-cases.ts';
import { createJudge } from './placing/judge.ts';
import { compareLoss, LOSS, lossRows } from './placing/loss-cases.ts';
import { question, sizing } from './placing/questions.ts';
import { compareSingle, SINGLE } from './placing/single-cases.ts';
import { createClaim, placingSite, plantSite, podsOn, removePods } from './placing/site.ts';
import { startRealCluster, type RealCluster } from './servers/cluster.ts';

/** Another one makes other nodes, pods and questions. */
const SEED = Number(process.env['PLACING_SEED'] ?? 7);
const QUESTIONS = 30;
const SIZINGS = 20;
const LOSSES = 15;
/** Nodes that few others can stand in for: every second one that is lost is one of them. */
const PURPOSEFUL = /^(?:database|infra|open-infra)/;

let cluster: RealCluster;
let folder: string;

type Read = {
  readonly site: Site;
  readonly pods: ReadonlyMap<string, PodRow>;
  readonly waiting: ReadonlyMap<string, PodRow>;
};

/** The cluster as the console reads it by its own link, pods by name. */
async function readByConsole(): Promise<Read> {
  const session = await openOnce(
    { kubeconfig: join(folder, 'kubeconfig'), environment: {}, version: '0.0.0', stateFolder: folder },
    { resources: ['nodes', 'pods', 'persistentVolumes', 'claims', 'storageClasses'] },
  );
  const { state } = session.store;
  const byName = (pods: Iterable<PodRow>) => new Map([...pods].map((pod) => [pod.name, pod]));
  const read = { site: siteOf(state), pods: byName(state.pods.values()), waiting: byName(state.pendingPods.values()) };
  await session.close();
  return read;
}

/** What of a site has to be the same after a case. */
const standing = ({ places }: Site) =>
  places
    .map(({ node, taken, hostPorts }) => ({
      name: node.name,
      taken,
      ports: hostPorts.map(({ port }) => port).sort(),
      taints: node.taints,
      allocatable: node.allocatable,
      labels: node.labels,
      cordoned: node.cordoned,
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));

const rowsOf = (group: Readonly<Record<string, Comparison>>) => Object.values(group).map((one) => one.row());

let before: Read;
let after: Read;

beforeAll(async () => {
  cluster = await startRealCluster({ serverFlags: ['--disable-admission-plugins=TaintNodesByCondition'] });
  folder = await mkdtemp(join(tmpdir(), 'placing-'));
  await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig('reader'), { mode: 0o600 });
  const api = cluster.api.admin;
  const now = new Date();
  const random = seededRandom(SEED);
  const planted = placingSite(random, now);
  const questions = Array.from({ length: QUESTIONS }, (_, number) => question(random, number, planted.hosts));
  await plantSite(
    api,
    planted,
    questions.flatMap(({ bound }) => bound),
    now,
  );
  // As long as no scheduler runs the pods wait, and the console reads them as it reads any that wait.
  await Promise.all(questions.flatMap(({ claims }) => claims).map((claim) => createClaim(api, claim)));
  const asked = questions.map(({ pod }) => pod);
  await Promise.all(asked.map((pod) => api.do('POST', '/api/v1/namespaces/judged/pods', pod)));
  before = await readByConsole();
  await removePods(api, asked);

  const court: Court = {
    api,
    planted,
    site: before.site,
    random,
    now,
    judge: createJudge(api, await cluster.startScheduler()),
  };
  await court.judge.settle(planted.hosts.length);
  for (let number = 0; number < SIZINGS; number += 1) await compareFits(court, sizing(random), number);
  for (const one of questions) {
    const row = before.waiting.get(one.pod.metadata.name);
    if (row === undefined) throw new Error(`The console does not see ${one.pod.metadata.name}.`);
    await compareSingle(court, one, row);
  }
  const names = planted.hosts.map(({ node }) => node.name).filter((name) => podsOn(planted, name).length > 2);
  const [purposeful = [], ordinary = []] = [true, false].map((one) =>
    names.filter((name) => PURPOSEFUL.test(name) === one),
  );
  for (let number = 0; number < LOSSES; number += 1) {
    const from = number % 2 === 0 ? purposeful : ordinary;
    const [name = ''] = from.splice(random.between(0, from.length - 1), 1);
    await compareLoss(
      court,
      name,
      [...before.pods.values()].filter(({ node }) => node === name),
    );
  }
  after = await readByConsole();
}, 600_000);
afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

test.each([FITS, SINGLE, LOSS].flatMap((group) => Object.values(group)))('$figure', (compared) => {
  expect(compared.unexplained()).toEqual([]);
});

test('the site is a hundred nodes and two thousand pods, and is after all cases what it was before', () => {
  expect(before.site.places).toHaveLength(100);
  expect(before.pods.size).toBe(2_000 + QUESTIONS);
  expect(standing(after.site)).toEqual(standing(before.site));
});

test('enough was compared', () => {
  expect([FITS.most, SINGLE.nodes].map((one) => one.row().cases)).toEqual([SIZINGS, QUESTIONS]);
  // The others are losses in which chance decided.
  expect(LOSS.pending.row().cases).toBeGreaterThanOrEqual((LOSSES * 2) / 3);
  for (const [kind, count] of Object.entries(met)) expect([kind, count >= 5]).toEqual([kind, true]);
});

test('docs/agreement.md says so', () => {
  recordAgreement('placing', [...[FITS, SINGLE].flatMap(rowsOf), ...lossRows()]);
});
