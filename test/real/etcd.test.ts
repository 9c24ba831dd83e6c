// What the console says of etcd, and does to it, where real members do what members do: they end, they freeze, they lose their
// machine and their quorum, and they are full.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EtcdRequest, Plan } from '../../source/operations/operation.ts';
import { valueOf } from '../../source/model/reading.ts';
import { recordAgreement } from './agreement.ts';
import { compared, compareNow } from './etcd-agreement.ts';
import { alarmsOf, etcdctl, fill, judge, revisionOf, type JudgedMember } from './etcdctl.ts';
import {
  canLose,
  hasAlarm,
  hasNoQuorum,
  isWell,
  NOTICED,
  RECOVERED,
  startLiveEtcd,
  type LiveEtcd,
  type Watch,
} from './live-etcd.ts';
import { MASTERS } from './masters.ts';
import { waitFor } from './servers/process.ts';

const MEBIBYTE = 2 ** 20;
/** Small enough to be filled in seconds. */
const QUOTA = 8 * MEBIBYTE;

let live: LiveEtcd;
let watch: Watch;

describe.runIf(process.getuid?.() === 0)('etcd', () => {
  beforeAll(async () => {
    live = await startLiveEtcd(QUOTA);
    watch = await live.watch();
  });
  afterAll(async () => {
    await watch.close();
    await live.stop();
  });
  beforeEach(async () => {
    await live.revive();
    await watch.until('three members that are well', RECOVERED, isWell);
  });

  const stopMembers = (...names: string[]) =>
    Promise.all(names.map((name) => live.member(name).process().stop())).then(() => undefined);

  describe('figures', () => {
    test('all well, and after a compaction', async () => {
      const { etcd } = live.masters.cluster;
      await compareNow(live, 'all well');
      for (let count = 0; count < 2; count += 1)
        await etcdctl(etcd, ['put', 'real-tier/filler'], etcd.members, 'x'.repeat(1e6));
      await etcdctl(etcd, ['compact', '--physical', await revisionOf(etcd)]);
      const compacted = await compareNow(live, 'compacted');
      expect(compacted.members.every(({ quota }) => quota === QUOTA)).toBe(true);
    });

    test('with one member stopped', async () => {
      await stopMembers('master-3');
      const ours = await compareNow(live, 'one stopped');
      expect([ours.quorum, ours.voters, ours.healthyVoters, ours.canLose]).toEqual([2, 3, 2, 0]);
    });
  });

  describe('members that fail', () => {
    const freeze = () => {
      live.member('master-3').process().signal('SIGSTOP');
      return Promise.resolve();
    };
    const pullCable = () => {
      live.masters.cluster.machines[2]?.setCable(false);
      return Promise.resolve();
    };

    test.each([
      ['stopped', () => stopMembers('master-3')],
      ['frozen', freeze],
      ['without its machine', pullCable],
    ])('one that is %s is noticed, and keeps its last figures', async (_, harm) => {
      const before = valueOf(watch.row('master-3')?.dbSize ?? { state: 'absent', why: '' });
      await harm();
      const { members } = await watch.until('a cluster that can lose none', NOTICED, (now) => canLose(now) === 0);
      const row = members.find(({ name }) => name === 'master-3');
      expect(row?.healthFrom.failure?.failure.kind).toBe('lost');
      expect(row?.dbSize).toMatchObject({ state: 'stale', value: before });
      await watch.judgedAs('at-risk', '2 of 3, can lose 0');
      await watch.shows('etcd 2 of 3, can lose 0: master-3 does not answer');
    });

    test('one that comes back is well again', async () => {
      await stopMembers('master-2');
      await watch.until('a cluster that can lose none', NOTICED, (now) => canLose(now) === 0);
      await live.member('master-2').start();
      await watch.until('three members that are well', RECOVERED, isWell);
    });

    test('two stopped: no quorum, known through the second door, also by who looks only then', async () => {
      await stopMembers('master-2', 'master-3');
      const isDirect = ({ members }: ReturnType<Watch['picture']>) =>
        members.find(({ name }) => name === 'master-1')?.healthFrom.last?.source === 'directly';
      const isLost = (now: ReturnType<Watch['picture']>) => hasNoQuorum(now) && isDirect(now);
      await watch.until('no quorum, by a member asked directly', NOTICED, isLost);
      await watch.judgedAs('at-risk', 'no quorum');
      await watch.shows('no quorum');
      const late = await live.watch();
      try {
        const { members, quorum } = await late.until('the same, opened without a quorum', NOTICED, isLost);
        expect(members.map(({ name }) => name)).toEqual(MASTERS);
        expect(quorum).toMatchObject({ value: { voters: 3, counted: 'pods' } });
        await late.shows('no quorum');
      } finally {
        await late.close();
      }
    });
  });

  /** A plan that nothing forbids: a leader may just be elected, which nobody can ask meanwhile. */
  async function allowed(request: EtcdRequest): Promise<Plan> {
    const plans: Plan[] = [];
    await waitFor(
      `a plan to ${request.kind}`,
      async () => {
        const plan = await watch.session.planEtcd(request);
        const refused = plan.guards.filter(({ state }) => state === 'refused');
        if (refused.length > 0) throw new Error(refused.map(({ sentence }) => sentence).join(' '));
        return plans.push(plan) > 0;
      },
      { seconds: NOTICED },
    );
    const [plan] = plans;
    if (plan === undefined) throw new Error('Nothing was planned.');
    return plan;
  }

  /** Plans and does it, and gives what each step did in its order. */
  async function operate(request: EtcdRequest) {
    const plan = await allowed(request);
    const told: string[] = [];
    const results = await watch.session.apply(plan, ({ state }) => told.push(state));
    return { plan, told, results };
  }

  const free = ({ status }: JudgedMember): number => Number(status?.dbSize) - Number(status?.dbSizeInUse);

  describe('operations', () => {
    test('a full database is told, and has space again after the operation that disarms', async () => {
      const { etcd, api } = live.masters.cluster;
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'after-recovery' } };
      const write = () => api.admin.ask('POST', '/api/v1/namespaces', namespace);
      await fill(etcd, 2 * (QUOTA / MEBIBYTE));
      const full = await watch.until('the alarm', 3 * NOTICED, (now) => hasAlarm(now, 'NOSPACE'));
      expect(full.quorum).toMatchObject({ state: 'known', value: { healthy: 3, isKept: true } });
      await watch.judgedAs('at-risk', 'NOSPACE');
      await watch.shows('NOSPACE');
      expect((await write()).status).toBe(500);
      await compareNow(live, 'full');

      const { plan, told, results } = await operate({ kind: 'disarm' });
      const defragmented = MASTERS.map(() => 'defragment');
      expect(plan.steps.map(({ task }) => task)).toEqual(['compact', ...defragmented, 'disarm']);
      expect(results.map(({ state }) => state)).toEqual(plan.steps.map(() => 'done'));
      for (const state of ['sending', 'observing', 'ended'])
        expect([state, told.filter((one) => one === state).length]).toEqual([state, plan.steps.length]);
      expect(await alarmsOf(etcd)).toEqual([]);
      expect((await write()).status).toBe(201);
      await watch.until('three members that are well', RECOVERED, isWell);
      for (const { name, status } of (await judge(etcd)).members)
        expect([name, Number(status?.dbSize) < QUOTA / 2]).toEqual([name, true]);
      expect(watch.session.journal()[0]).toMatchObject({ operation: 'disarm', result: 'done' });
    });

    test('a defragmentation gives back what is free in every file, the leader last', async () => {
      const { etcd } = live.masters.cluster;
      await etcdctl(etcd, ['put', 'real-tier/filler'], etcd.members, 'x'.repeat(1e6));
      await etcdctl(etcd, ['put', 'real-tier/filler'], etcd.members, 'small');
      await etcdctl(etcd, ['compact', '--physical', await revisionOf(etcd)]);
      const before = await judge(etcd);
      expect(Math.min(...before.members.map(free))).toBeGreaterThan(MEBIBYTE / 2);
      const leader = before.members[0]?.status?.leader;

      const { plan, results } = await operate({ kind: 'defragment', members: [] });
      expect(results.map(({ state }) => state)).toEqual(MASTERS.map(() => 'done'));
      const after = await judge(etcd);
      expect(Math.max(...after.members.map(free))).toBeLessThan(MEBIBYTE / 2);
      expect(plan.steps.at(-1)?.node).toBe(before.members.find(({ id }) => id === leader)?.name);
    });

    test('a member that is gone forbids a defragmentation', async () => {
      await stopMembers('master-3');
      await watch.until('a cluster that can lose none', NOTICED, (now) => canLose(now) === 0);
      const plan = await watch.session.planEtcd({ kind: 'defragment', members: ['master-1'] });
      const refused = plan.guards.filter(({ state }) => state === 'refused').map(({ sentence }) => sentence);
      expect(refused.join(' ')).toContain('master-3');
      expect((await watch.session.apply(plan)).map(({ state }) => state)).not.toContain('done');
    });

    test('the leader moves to another member', async () => {
      const to = watch.picture().members.find(({ role }) => role === 'follower');
      const { results } = await operate({ kind: 'move-leader', to: to?.name ?? '' });
      expect(results.map(({ state }) => state)).toEqual(['done']);
      const { members } = await judge(live.masters.cluster.etcd);
      expect(members.map(({ status }) => status?.leader)).toEqual(MASTERS.map(() => to?.id));
      await watch.until('the leader on the screen', NOTICED, ({ leader }) => valueOf(leader) === to?.key);
    });
  });
});

describe.runIf(process.getuid?.() === 0)('agreement', () => {
  test.each(Object.values(compared))('$figure by $judge', (figure) => {
    expect(figure.unexplained()).toEqual([]);
    expect(figure.row().cases).toBeGreaterThan(figure.judge.startsWith('etcdctl') ? 2 : 0);
  });

  test('docs/agreement.md says so', () => {
    recordAgreement(
      'etcd',
      Object.values(compared).map((figure) => figure.row()),
    );
  });
});
