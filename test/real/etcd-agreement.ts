// What the console says of etcd beside what etcdctl says of it, while nothing changes.
import { isDeepStrictEqual } from 'node:util';
import type { EtcdDocument } from '../../source/commands/kinds/etcd.ts';
import { comparison, type Comparison } from './comparison.ts';
import { alarmsOf, judge, type Judged } from './etcdctl.ts';
import type { LiveEtcd } from './live-etcd.ts';
import { bucketsIn, p99Of } from './promtool.ts';
import type { Etcd } from './servers/etcd.ts';
import { waitFor } from './servers/process.ts';

const JUDGE = 'etcdctl 3.4';
const PERCENTILES = 'promtool 2.42 histogram_quantile';
const MOMENTS = 'All well, after a compaction, with one member stopped, and with a full database.';
/** The page of a member is another one after each write. */
const QUIET = `${MOMENTS} Each member of which nothing was written while both looked, as with a full database.`;

export const compared = {
  members: comparison('members of etcd: id, name, address, learner or not', `${JUDGE} member list`, MOMENTS),
  cluster: comparison('id of the cluster of etcd', `${JUDGE} member list -w json`, MOMENTS),
  leader: comparison('member that leads', `${JUDGE} endpoint status`, MOMENTS),
  version: comparison('version of a member', `${JUDGE} endpoint status`, MOMENTS),
  size: comparison('size of the database of a member', `${JUDGE} endpoint status`, MOMENTS),
  inUse: comparison('bytes in use of that database', `${JUDGE} endpoint status -w json`, MOMENTS),
  health: comparison(
    'whether a member is healthy',
    `${JUDGE} endpoint health`,
    `${MOMENTS} Differences: with an alarm a member says itself that it is not healthy, which etcdctl 3.4 does not ask it.`,
  ),
  alarms: comparison('alarms of etcd', `${JUDGE} alarm list`, MOMENTS),
  fsyncP99: comparison('99th percentile of fsync since a member started', PERCENTILES, QUIET),
  commitP99: comparison('99th percentile of backend commits since a member started', PERCENTILES, QUIET),
} satisfies Record<string, Comparison>;

const HISTOGRAMS = {
  fsyncP99: 'etcd_disk_wal_fsync_duration_seconds',
  commitP99: 'etcd_disk_backend_commit_duration_seconds',
} as const;

type Said = { readonly judged: Judged; readonly buckets: ReadonlyMap<string, readonly string[]> };
type Moment = { readonly ours: EtcdDocument; readonly theirs: Said; readonly after: Said };

/** What etcdctl says of the members, and the histograms that each has on its page. */
async function said(etcd: Etcd): Promise<Said> {
  const judged = await judge(etcd);
  const pages = etcd.members.map(async ({ name, metricsUrl }): Promise<[string, readonly string[]][]> => {
    const isThere = judged.members.some((one) => one.name === name && one.status !== null);
    if (!isThere) return [];
    return [[name, bucketsIn(await (await fetch(`${metricsUrl}/metrics`)).text(), Object.values(HISTOGRAMS))]];
  });
  return { judged, buckets: new Map((await Promise.all(pages)).flat()) };
}

/** Whether the console was told all: etcdctl in a pod may be late on a machine that has much to do. */
const isWhole = ({ membersFrom }: EtcdDocument): boolean => membersFrom.lostSince === null;

/** What the console and etcdctl say while nothing changes: etcdctl says the same before and after. */
async function sameMoment(live: LiveEtcd): Promise<Moment> {
  const { etcd } = live.masters.cluster;
  const same: Moment[] = [];
  await waitFor('a moment in which nothing changes', async () => {
    const theirs = await said(etcd);
    const ours = await live.answered();
    const after = await said(etcd);
    if (isDeepStrictEqual(theirs.judged, after.judged) && isWhole(ours)) same.push({ ours, theirs, after });
    return same.length > 0;
  });
  const [moment] = same;
  if (moment === undefined) throw new Error('Nothing was compared.');
  return moment;
}

/** Both work it out in floating point, in another order. */
const digits = (seconds: number | null): string => (seconds === null ? 'unknown' : seconds.toPrecision(12));

/** The alarms; without a leader nobody tells them, and one may just be elected. */
async function alarmsNow({ masters }: LiveEtcd): Promise<readonly string[]> {
  let alarms: readonly string[] = [];
  await waitFor('the alarms', async () => {
    alarms = await alarmsOf(masters.cluster.etcd);
    return true;
  });
  return alarms;
}

/** Compares all figures of all members, and gives what the console said. */
export async function compareNow(live: LiveEtcd, where: string): Promise<EtcdDocument> {
  const alarms = await alarmsNow(live);
  const { ours, theirs: before, after } = await sameMoment(live);
  const { judged: theirs, buckets } = before;
  compared.cluster.compare(where, String(ours.clusterId), theirs.cluster);
  const line = (id: string | null, name: string, urls: readonly string[], learns: boolean) =>
    [id, name, urls.join(), learns ? 'learns' : 'votes'].join(' ');
  compared.members.compare(
    where,
    ours.members.map(({ id, name, clientUrls, votes }) => line(id, name, clientUrls, !votes)),
    theirs.members.map(({ id, name, clientUrl, isLearner }) => line(id, name, [clientUrl], isLearner)),
  );
  const raised = (ours.alarms ?? []).map(({ member, kind }) => `${String(member)} ${kind}`);
  compared.alarms.compare(where, raised.toSorted(), alarms);
  for (const { name, status, isHealthy } of theirs.members) {
    const at = `${where}, ${name}`;
    const row = ours.members.find((one) => one.name === name);
    const isOnlyAlarmed = () => isHealthy && row?.reason === 'ALARM NOSPACE' && alarms.length > 0;
    compared.health.compare(at, String(row?.healthy === true), String(isHealthy), isOnlyAlarmed);
    if (status === null) continue;
    compared.version.compare(at, String(row?.version), status.version);
    compared.size.compare(at, String(row?.dbSize), status.dbSize);
    compared.inUse.compare(at, String(row?.dbSizeInUse), status.dbSizeInUse);
    compared.leader.compare(at, String(ours.leader), status.leader);
    // Something is written now and then, which no other figure shows.
    if (row === undefined || !isDeepStrictEqual(buckets.get(name), after.buckets.get(name))) continue;
    for (const figure of ['fsyncP99', 'commitP99'] as const) {
      const p99 = await p99Of(HISTOGRAMS[figure], buckets.get(name) ?? []);
      compared[figure].compare(at, digits(row[figure]), digits(p99));
    }
  }
  return ours;
}
