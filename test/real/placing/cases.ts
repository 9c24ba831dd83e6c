// The cases: each is a question to the console and to the scheduler, after which the site is as it was.
import { parseFit, whatFits } from '../../../source/model/headroom/fits.ts';
import { lossOf } from '../../../source/model/headroom/loss.ts';
import type { Candidate, Site } from '../../../source/model/headroom/site.ts';
import type { PodRow } from '../../../source/model/kubernetes/pod.ts';
import type { Random } from '../../../source/sandbox/random.ts';
import type { AgreementRow } from '../agreement.ts';
import { comparison, type Comparison } from '../comparison.ts';
import { pick } from '../seed/quantities.ts';
import type { Api } from '../servers/api.ts';
import type { PodObject } from '../wire.ts';
import type { Judge, Verdict } from './judge.ts';
import { reasonsIn, reasonWords } from './phrases.ts';
import { confined, type Question, type Sizing } from './questions.ts';
import { loseNode, podsOn, releaseClaims, removePods, returnNode, type PlacingSite } from './site.ts';
import { fitting, OLDER, reasonsAgainst } from './told.ts';

/** What all cases share. */
export type Court = {
  readonly api: Api;
  readonly judge: Judge;
  readonly planted: PlacingSite;
  /** As the console reads the planted site. */
  readonly site: Site;
  readonly random: Random;
  readonly now: Date;
};

const SCHEDULER = 'kube-scheduler';
const OVER_COMMITTED =
  'The scheduler of 1.20 keeps a pod that asks for anything off a node that is over-committed in what it does not ask for; since then (1.29) only what is asked for is compared, and so does the console.';
const words = (verdict: Verdict | undefined): string =>
  verdict === undefined ? 'no verdict' : 'node' in verdict ? verdict.node : 'pending';

export const FITS = {
  most: comparison('replicas that fit in all', SCHEDULER, `Created, and a few more. ${OVER_COMMITTED}`),
  where: comparison('replicas that fit on each node', SCHEDULER, `Where more were created than fit. ${OVER_COMMITTED}`),
};

/** More than this is not created to see whether it fits. */
const MOST_REPLICAS = 60;
const FEW_MORE = 3;

const counted = (names: readonly string[]): string[] =>
  [...Map.groupBy(names, (name) => name)].map(([name, all]) => `${name}:${all.length}`).sort();

/** How many replicas of a size fit, and where. */
export async function compareFits({ api, judge, site }: Court, sizing: Sizing, number: number): Promise<void> {
  const parsed = parseFit(`${sizing.words},replicas=1`);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const fit = whatFits(site, { ...parsed, selector: sizing.selector });
  const most = Math.min(fit.most, MOST_REPLICAS);
  const pods = Array.from({ length: most + FEW_MORE }, (_, replica) => sizing.pod(`fit-${number}-${replica}`));
  const verdicts = [...(await judge.judge(pods)).values()];
  const bound = verdicts.flatMap((verdict) => ('node' in verdict ? [verdict.node] : []));
  const candidate = candidateOf(parsed, sizing);
  const refused = new Set(
    site.places.filter((place) => OLDER(candidate, place, site.storage).length > 0).map(({ node }) => node.name),
  );
  const older = fit.where.filter(({ node }) => !refused.has(node));
  const olderMost = older.reduce((sum, { replicas }) => sum + replicas, 0);
  const where = `${sizing.words} on ${JSON.stringify(sizing.selector)}`;
  const capped = (count: number) => String(Math.min(count, pods.length));
  FITS.most.compare(where, capped(fit.most), String(bound.length), () => capped(olderMost) === String(bound.length));
  if (fit.most < pods.length) {
    met.short += Number(fit.most > 0);
    const told = (nodes: typeof fit.where) => nodes.map(({ node, replicas }) => `${node}:${replicas}`).sort();
    const found = counted(bound);
    FITS.where.compare(where, told(fit.where), found, () => told(older).join() === found.join());
  }
  await removePods(api, pods);
  await judge.settle(site.places.length);
}

const candidateOf = ({ cpu, memory, ephemeralStorage }: Candidate['requests'], { selector }: Sizing): Candidate => ({
  namespace: '',
  requests: { cpu, memory, ephemeralStorage },
  tolerations: [],
  placement: { selector, terms: null, hostPorts: [], unmodelled: [] },
  claims: [],
  priority: 0,
});

export const SINGLE = {
  nodes: comparison(
    'nodes that a pod fits on: on no other',
    SCHEDULER,
    `Confined to the others, it stays pending. ${OVER_COMMITTED}`,
  ),
  one: comparison(
    'nodes that a pod fits on: one of them',
    SCHEDULER,
    'The pod itself is bound to one of them, and to one of them by chance when confined to it; or stays pending where there is none.',
  ),
  reasons: comparison(
    'what keeps a pod off, and how many nodes',
    SCHEDULER,
    `Its message, by a table of its phrases. ${OVER_COMMITTED}`,
  ),
};

/** Whether and where a pod fits, and what keeps it off elsewhere. */
export async function compareSingle(
  { api, judge, site, planted, random }: Court,
  { pod, claims }: Question,
  candidate: Candidate,
): Promise<void> {
  const name = pod.metadata.name;
  const nodes = fitting(candidate, site);
  const older = fitting(candidate, site, OLDER);
  const elsewhere = nodes.length === 0 ? pod : confined(pod, `${name}-elsewhere`, 'NotIn', nodes);
  const ask = async (one: PodObject): Promise<Verdict | undefined> => {
    const verdict = (await judge.judge([one])).get(one.metadata.name);
    await removePods(api, [one]);
    if (verdict !== undefined && 'node' in verdict) await judge.settle(site.places.length);
    return verdict;
  };
  const verdict = await ask(elsewhere);
  SINGLE.nodes.compare(name, 'pending', words(verdict));
  if (verdict !== undefined && 'message' in verdict) {
    const told = (rules?: typeof OLDER) => reasonWords(reasonsAgainst(candidate, site, rules));
    const found = reasonWords(reasonsIn(verdict.message));
    SINGLE.reasons.compare(name, told(), found, () => told(OLDER).join() === found.join());
  }
  met.fitting += Number(nodes.length > 0);
  met.fittingNowhere += Number(nodes.length === 0);
  if (nodes.length > 0) {
    const itself = words(await ask(pod));
    SINGLE.one.compare(
      name,
      'one of them',
      nodes.includes(itself) ? 'one of them' : itself,
      () => older.length === 0 && itself === 'pending',
    );
    // The claims of a pod that was bound are not to be had any more.
    if (claims.length === 0) {
      const one = pick(random, older.length > 0 ? older : nodes);
      SINGLE.one.compare(`${name} on ${one}`, one, words(await ask(confined(pod, `${name}-there`, 'In', [one]))));
    }
  }
  await releaseClaims(api, planted, claims);
}

/** How often chance had it that both said the same where they need not. */
const agreed = { losses: 0, alike: 0, pods: 0, there: 0 };
/** What the cases came upon, so that a test can say that they were not all of one kind. */
export const met = { fitting: 0, fittingNowhere: 0, short: 0, moved: 0, pending: 0, held: 0 };

export const LOSS = {
  fate: comparison(
    'pods of a lost node, each by itself',
    SCHEDULER,
    `Bound to a node without obstacle, or pending for want of one, after what became of those before it. ${OVER_COMMITTED}`,
  ),
  pending: comparison('pods that stay pending after a loss', SCHEDULER, ''),
};

/** What becomes of the pods of a node that is lost. */
export async function compareLoss(court: Court, node: string, rows: readonly PodRow[]): Promise<void> {
  const { api, judge, site, planted, now } = court;
  const told = lossOf(site, node, rows);
  const held = told.bound.filter(({ owner }) => owner !== null);
  const destinations = new Map(told.moved.map(({ pod, to }) => [pod.name, to]));
  const again = new Map(podsOn(planted, node).map(({ manifest }) => [manifest.metadata.name, manifest]));
  const places = new Map(
    site.places.filter((place) => place.node.name !== node).map((place) => [place.node.name, place]),
  );
  await loseNode(api, planted, node);
  await judge.settle(places.size);

  const created: PodObject[] = [];
  const pending: string[] = [];
  let byTheRules = true;
  for (const row of [...inTurn(site, [...told.moved.map(({ pod }) => pod), ...told.pending]), ...held]) {
    const pod = unbound(again.get(row.name));
    created.push(pod);
    const verdict = words((await judge.judge([pod])).get(row.name));
    if (verdict === 'pending') pending.push(row.name);
    const rest: Site = { places: [...places.values()], storage: site.storage };
    const agrees = (nodes: readonly string[]) => (verdict === 'pending' ? nodes.length === 0 : nodes.includes(verdict));
    const nodes = fitting(row, rest);
    const byOlder = agrees(fitting(row, rest, OLDER));
    LOSS.fate.compare(`${node}: ${row.name}`, agrees(nodes) ? verdict : nodes, verdict, () => byOlder);
    byTheRules &&= byOlder;
    const place = places.get(verdict);
    if (place !== undefined) places.set(verdict, holding(place, row));
    if (!destinations.has(row.name)) continue;
    agreed.pods += 1;
    agreed.there += Number(destinations.get(row.name) === verdict);
  }
  const names = [...told.pending, ...held].map(({ name }) => name).sort();
  const alike = names.join() === pending.sort().join();
  agreed.losses += 1;
  agreed.alike += Number(alike);
  met.moved += told.moved.length;
  met.pending += told.pending.length;
  met.held += held.length;
  // Where another of the nodes that fit was chosen for a pod before, the console's rules for each pod say the same set.
  LOSS.pending.compare(node, byTheRules ? pending : names, pending);
  await removePods(api, created);
  await returnNode(api, planted, node, now);
  await judge.settle(site.places.length);
}

/** A pod as its controller makes it again. */
function unbound(pod: PodObject | undefined): PodObject {
  if (pod === undefined) throw new Error('The console tells of a pod that was not planted there.');
  const { name, namespace = '', labels = {} } = pod.metadata;
  const spec = Object.fromEntries(Object.entries(pod.spec).filter(([field]) => field !== 'nodeName'));
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: spec as PodObject['spec'] };
}

/** A place with one more pod on it. */
const holding = (place: Site['places'][number], { requests, placement }: PodRow): Site['places'][number] => ({
  ...place,
  taken: {
    cpu: place.taken.cpu + requests.cpu,
    memory: place.taken.memory + requests.memory,
    ephemeralStorage: place.taken.ephemeralStorage + requests.ephemeralStorage,
    pods: place.taken.pods + 1,
  },
  hostPorts: [...place.hostPorts, ...placement.hostPorts],
});

/** The order in which the console thinks of the pods: by priority, then the larger share of all CPU or memory, then by name. */
function inTurn({ places }: Site, rows: readonly PodRow[]): PodRow[] {
  const whole = (resource: 'cpu' | 'memory') =>
    places.reduce((sum, { node: { allocatable } }) => {
      const isTold = Object.values(allocatable).every((amount) => amount !== null);
      return isTold && allocatable[resource] !== null ? sum + allocatable[resource] : sum;
    }, 0);
  const [cpu, memory] = [whole('cpu'), whole('memory')];
  const size = ({ requests }: PodRow) => Math.max(requests.cpu / cpu, requests.memory / memory);
  const key = ({ namespace, name }: PodRow) => `${namespace}/${name}`;
  return rows.toSorted(
    (one, other) => other.priority - one.priority || size(other) - size(one) || (key(one) < key(other) ? -1 : 1),
  );
}

export const COMPARISONS: readonly Comparison[] = [FITS, SINGLE, LOSS].flatMap((group) => Object.values(group));

/** The rows of all comparisons, with what chance made of them this time. */
export const rows = (): AgreementRow[] =>
  COMPARISONS.map((compared) => {
    const row = compared.row();
    if (compared !== LOSS.pending) return row;
    const { losses, alike, pods, there } = agreed;
    const note =
      `Those bound to volumes of the node among them; the scheduler is given the pods one by one, in the console's order. ` +
      `This time ${alike} of ${losses} losses left the very pods pending that the console names, and ${there} of ${pods} pods that move ` +
      `went to the very node. Of the nodes that a pod fits on the scheduler takes any with the most points, and 1.20 gives points ` +
      `otherwise than 1.29, which the console follows: where that leaves other pods pending, the console's rules, followed along the ` +
      `scheduler's choices, leave the same.`;
    return { ...row, note };
  });
