// What the console says of etcd, where real members do what members do: they end, they freeze, they lose their machine.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { etcd as verdictOfEtcd } from '../../source/checks/verdict/etcd.ts';
import type { Verdict } from '../../source/checks/verdict/verdict.ts';
import type { EtcdDocument } from '../../source/commands/kinds/etcd.ts';
import { sightNow } from '../../source/commands/sight.ts';
import { openSession } from '../../source/session/open-session.ts';
import type { Session } from '../../source/session/session.ts';
import { valueOf } from '../../source/model/reading.ts';
import { etcdPicture, type EtcdPicture, type EtcdRow } from '../../source/state/etcd.ts';
import { runProgram } from '../commands/program.ts';
import { recordAgreement } from './agreement.ts';
import { comparison, type Comparison } from './comparison.ts';
import { alarmsOf, etcdctl, judge, type Judged } from './etcdctl.ts';
import { MASTERS, startMasters, type Masters } from './masters.ts';
import { waitFor } from './servers/process.ts';

/** Another one than etcd has by itself. */
const QUOTA = 8 * 1024 * 1024;
/** What an operator is promised: so long after it happened, seconds, the screen of etcd says so. */
const NOTICED = 10;
/** So long a member takes to be back, and the picture with it. */
const RECOVERED = 40;

let masters: Masters;
let folder: string;
let environment: Readonly<Record<string, string>>;
let session: Session;

const memberOf = (name: string) => {
  const member = masters.cluster.etcd.members.find((one) => one.name === name);
  if (member === undefined) throw new Error(`There is no member ${name}.`);
  return member;
};
const pictured = (): EtcdPicture => etcdPicture(session.store.state, session.now());
const rowOf = (name: string): EtcdRow | undefined => pictured().members.find((row) => row.name === name);

/** Waits until the live picture is as wanted, and gives it. */
async function until(what: string, seconds: number, wanted: (picture: EtcdPicture) => boolean): Promise<EtcdPicture> {
  await waitFor(what, () => Promise.resolve(wanted(pictured())), { seconds }).catch((error: unknown) => {
    const { members, quorum } = pictured();
    const rows = members.map(({ name, health, healthFrom }) => ({ name, health, healthFrom }));
    throw new Error(`${String(error)}\n${JSON.stringify({ quorum, rows }, null, 1)}`);
  });
  return pictured();
}

const isWell = ({ quorum, alarms }: EtcdPicture): boolean =>
  quorum.state === 'known' && quorum.value.healthy === MASTERS.length && valueOf(alarms)?.length === 0;
const canLose = ({ quorum }: EtcdPicture): number | null => (quorum.state === 'known' ? quorum.value.canLose : null);

/** Starts what has ended, and lets go on what is frozen. */
async function revive(): Promise<void> {
  for (const machine of masters.cluster.machines) machine.setCable(true);
  for (const member of masters.cluster.etcd.members) {
    if (member.process().ending() === null) member.process().signal('SIGCONT');
    else await member.start();
  }
}

async function answered(): Promise<EtcdDocument> {
  const { stdout, stderr } = await runProgram(['etcd', '-o', 'json'], { environment });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as EtcdDocument;
}

/** What the console and etcdctl say while nothing changes: etcdctl says the same before and after. */
async function sameMoment(): Promise<{ ours: EtcdDocument; theirs: Judged }> {
  const same: { ours: EtcdDocument; theirs: Judged }[] = [];
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

const JUDGE = 'etcdctl 3.4';
const MOMENTS = 'All well, after a compaction, and with one member stopped.';
const compared = {
  members: comparison('members of etcd: id, name, address, learner or not', `${JUDGE} member list`, MOMENTS),
  cluster: comparison('id of the cluster of etcd', `${JUDGE} member list -w json`, MOMENTS),
  leader: comparison('member that leads', `${JUDGE} endpoint status`, MOMENTS),
  version: comparison('version of a member', `${JUDGE} endpoint status`, MOMENTS),
  size: comparison('size of the database of a member', `${JUDGE} endpoint status`, MOMENTS),
  inUse: comparison('bytes in use of that database', `${JUDGE} endpoint status -w json`, MOMENTS),
  health: comparison('whether a member is healthy', `${JUDGE} endpoint health`, MOMENTS),
  alarms: comparison('alarms of etcd', `${JUDGE} alarm list`, MOMENTS),
} satisfies Record<string, Comparison>;

async function compareNow(where: string): Promise<EtcdDocument> {
  const alarms: string[] = [];
  // Without a leader nobody tells them: one may just be elected.
  await waitFor('the alarms', async () => {
    alarms.push(...(await alarmsOf(masters.cluster.etcd)));
    return true;
  });
  const { ours, theirs } = await sameMoment();
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
    compared.health.compare(at, String(row?.healthy === true), String(isHealthy));
    if (status === null) continue;
    compared.version.compare(at, String(row?.version), status.version);
    compared.size.compare(at, String(row?.dbSize), status.dbSize);
    compared.inUse.compare(at, String(row?.dbSizeInUse), status.dbSizeInUse);
    compared.leader.compare(at, String(ours.leader), status.leader);
  }
  return ours;
}

describe.runIf(process.getuid?.() === 0)('etcd', () => {
  beforeAll(async () => {
    masters = await startMasters({ etcdFlags: [`--quota-backend-bytes=${QUOTA}`] });
    folder = await mkdtemp(join(tmpdir(), 'etcd-test-'));
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, masters.kubeconfig, { mode: 0o600 });
    environment = { KUBECONFIG: kubeconfig, HOME: folder, XDG_STATE_HOME: folder };
    session = await openSession({ kubeconfig, environment, version: '0.0.0', stateFolder: folder, localDoors: [] });
    session.attend('etcd');
  });
  afterAll(async () => {
    await session.close();
    await masters.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await revive();
    await until('three members that are well', RECOVERED, isWell);
  });

  const verdict = () => verdictOfEtcd(sightNow(session));
  const judgedAs = (wanted: Verdict, words: string) =>
    waitFor(
      `the verdict ${wanted}: ${words}`,
      () => {
        const { verdict: said, sentence } = verdict();
        if (said === wanted && sentence.includes(words)) return Promise.resolve(true);
        return Promise.reject(new Error(`${said}: ${sentence}`));
      },
      { seconds: NOTICED },
    );

  describe('figures', () => {
    test('all well, and after a compaction', async () => {
      const { etcd } = masters.cluster;
      await compareNow('all well');
      for (let count = 0; count < 2; count += 1)
        await etcdctl(etcd, ['put', 'real-tier/filler'], etcd.members, 'x'.repeat(1e6));
      const json = await etcdctl(etcd, ['endpoint', 'status', '-w', 'json'], etcd.members.slice(0, 1));
      await etcdctl(etcd, ['compact', '--physical', /"revision":(\d+)/.exec(json)?.[1] ?? '']);
      const compacted = await compareNow('compacted');
      expect(compacted.members.every(({ quota }) => quota === QUOTA)).toBe(true);
    });

    test('with one member stopped', async () => {
      await memberOf('master-3').process().stop();
      const ours = await compareNow('one stopped');
      expect([ours.quorum, ours.voters, ours.healthyVoters, ours.canLose]).toEqual([2, 3, 2, 0]);
    });
  });

  test.each([
    ['stopped', () => memberOf('master-3').process().stop()],
    [
      'frozen',
      () => {
        memberOf('master-3').process().signal('SIGSTOP');
        return Promise.resolve();
      },
    ],
    [
      'without its machine',
      () => {
        masters.cluster.machines[2]?.setCable(false);
        return Promise.resolve();
      },
    ],
  ])('a member that is %s is noticed, and keeps its last figures', async (_, harm) => {
    const before = valueOf(rowOf('master-3')?.dbSize ?? { state: 'absent', why: '' });
    await harm();
    const { members } = await until('a cluster that can lose none', NOTICED, (picture) => canLose(picture) === 0);
    const row = members.find(({ name }) => name === 'master-3');
    expect(row?.healthFrom.failure?.failure.kind).toBe('lost');
    expect(row?.dbSize).toMatchObject({ state: 'stale', value: before });
    await judgedAs('at-risk', '2 of 3, can lose 0');
  });

  test('two members stopped: no quorum, known through the second door', async () => {
    await Promise.all(['master-2', 'master-3'].map((name) => memberOf(name).process().stop()));
    const left = ({ members }: EtcdPicture) => members.find(({ name }) => name === 'master-1');
    const picture = await until('no quorum, by a member asked directly', NOTICED, (picture) => {
      const { quorum } = picture;
      return quorum.state === 'known' && !quorum.value.isKept && left(picture)?.healthFrom.last?.source === 'directly';
    });
    expect(left(picture)?.health).toMatchObject({ state: 'known', value: { healthy: false } });
    expect(verdict().verdict).toBe('at-risk');
  });

  test('a member that comes back is well again', async () => {
    const member = memberOf('master-2');
    await member.process().stop();
    await until('a cluster that can lose none', NOTICED, (picture) => canLose(picture) === 0);
    await member.start();
    await until('three members that are well', RECOVERED, isWell);
  });
});

describe.runIf(process.getuid?.() === 0)('agreement', () => {
  test.each(Object.values(compared))('$figure by $judge', (figure) => {
    expect(figure.unexplained()).toEqual([]);
    expect(figure.row().cases).toBeGreaterThan(2);
  });

  test('docs/agreement.md says so', () => {
    recordAgreement(
      'etcd',
      Object.values(compared).map((figure) => figure.row()),
    );
  });
});
