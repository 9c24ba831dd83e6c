// What the console says of etcd beside what etcdctl says of it, while nothing changes.
import { isDeepStrictEqual } from 'node:util';
import type { EtcdDocument } from '../../source/commands/kinds/etcd.ts';
import { comparison, type Comparison } from './comparison.ts';
import { alarmsOf, judge, type Judged } from './etcdctl.ts';
import type { LiveEtcd } from './live-etcd.ts';
import { waitFor } from './servers/process.ts';

const JUDGE = 'etcdctl 3.4';
const MOMENTS = 'All well, after a compaction, with one member stopped, and with a full database.';

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
} satisfies Record<string, Comparison>;

type Moment = { readonly ours: EtcdDocument; readonly theirs: Judged };

/** What the console and etcdctl say while nothing changes: etcdctl says the same before and after. */
async function sameMoment({ masters, answered }: LiveEtcd): Promise<Moment> {
  const same: Moment[] = [];
  await waitFor('a moment in which nothing changes', async () => {
    const theirs = await judge(masters.cluster.etcd);
    const ours = await answered();
    const after = await judge(masters.cluster.etcd);
    if (isDeepStrictEqual(theirs, after)) same.push({ ours, theirs });
    return same.length > 0;
  });
  const [moment] = same;
  if (moment === undefined) throw new Error('Nothing was compared.');
  return moment;
}

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
  const { ours, theirs } = await sameMoment(live);
  compared.cluster.compare(where, String(ours.clusterId), theirs.cluster);
  const told = (id: string | null, name: string, urls: readonly string[], learns: boolean) =>
    [id, name, urls.join(), learns ? 'learns' : 'votes'].join(' ');
  compared.members.compare(
    where,
    ours.members.map(({ id, name, clientUrls, votes }) => told(id, name, clientUrls, !votes)),
    theirs.members.map(({ id, name, clientUrl, isLearner }) => told(id, name, [clientUrl], isLearner)),
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
  }
  return ours;
}
