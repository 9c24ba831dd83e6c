import { describe, expect, it } from 'vitest';
import type { Clock } from '../../source/links/kubernetes/clock.ts';
import { openReplay } from '../../source/session/open-replay.ts';
import type { ClusterState } from '../../source/state/cluster-state.ts';
import { open, optionsFor, startBox, temporaryFolder, until } from './boxed.ts';
import { join } from 'node:path';

/** Time that goes so many times faster, for what the session asks on its own thread. */
function hurried(times: number): Clock {
  const begin = Date.now();
  return {
    now: () => begin + (Date.now() - begin) * times,
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds / times);
      return () => clearTimeout(timer);
    },
  };
}

const membership = ({ asked }: ClusterState) => asked.etcdMembership.get('')?.answer?.value.membership ?? null;
const healthOf = ({ asked }: ClusterState, node: string) => asked.etcdHealth.get(node);

const allAnswered = ({ asked }: ClusterState, count: number) =>
  asked.etcdHealth.size === count &&
  asked.etcdFigures.size === count &&
  [...asked.etcdHealth.values(), ...asked.etcdFigures.values()].every(({ answer }) => answer !== null);

describe('etcd in a live session', () => {
  it('is known of each member by itself, and of all by etcdctl, without anybody looking', async () => {
    const box = await startBox();
    const { store } = await open(optionsFor(box, temporaryFolder()));
    const members = box.world.etcd.members;
    await until(store, (state) => allAnswered(state, members.length) && membership(state) !== null);
    const told = membership(store.state);
    expect(told?.members.map(({ id }) => id).toSorted()).toEqual(members.map(({ hex }) => hex).toSorted());
    expect(told?.leader).toBe(box.world.etcd.leader?.hex);
    const figures = [...store.state.asked.etcdFigures.values()].map(({ answer }) => answer?.value.figures);
    expect(figures.map((each) => each?.id).toSorted()).toEqual(members.map(({ hex }) => hex).toSorted());
    expect(figures.filter((each) => each?.isLeader === true)).toHaveLength(1);
  });

  it('is asked often while somebody looks, two requests a member in each turn', async () => {
    const box = await startBox();
    const session = await open({ ...optionsFor(box, temporaryFolder()), clock: hurried(10) });
    const count = box.world.etcd.members.length;
    await until(session.store, (state) => allAnswered(state, count) && membership(state) !== null);
    const ofEtcd = () => box.requests.filter(({ path }) => path.includes('/pods/etcd-')).length;
    const before = ofEtcd();
    session.attend('etcd');
    const at = session.now();
    await until(session.store, () => session.now() - at > 20_000);
    const turns = (session.now() - at) / 5_000 + 1;
    expect(ofEtcd() - before).toBeLessThanOrEqual(Math.ceil(turns) * 2 * count);
    expect(ofEtcd() - before).toBeGreaterThanOrEqual(2 * 2 * count);
  });

  it('says in their own words why members have no quorum, asked at their own addresses', async () => {
    // A scene in which members have addresses that this machine reaches; what happens is up to the test.
    const box = await startBox({ scene: 'certificates-near-expiry' });
    const clock = hurried(2);
    const session = await open({ ...optionsFor(box, temporaryFolder()), clock });
    const [first, ...others] = box.world.etcd.members.map(({ node }) => node);
    await until(session.store, (state) => allAnswered(state, 1 + others.length));
    session.attend('etcd');
    for (const node of others) box.world.etcd.stop(node);
    const from = clock.now();
    const last = others.at(-1) ?? '';
    await until(
      session.store,
      (state) =>
        healthOf(state, first ?? '')?.answer?.value.source === 'directly' &&
        (healthOf(state, last)?.failure ?? null) !== null,
    );
    expect(healthOf(session.store.state, first ?? '')?.answer?.value.health).toEqual({
      healthy: false,
      reason: 'RAFT NO LEADER',
    });
    expect(healthOf(session.store.state, last)?.failure?.failure.why).toMatch(/does not answer at http:.*refused/);
    // Half as much again as is promised: time goes faster here than the machine may.
    expect(clock.now() - from).toBeLessThan(15_000);
  });

  it.each([
    ['pods/proxy', 'get'],
    ['pods/exec', 'get'],
  ])('says which right is missing: %s', async (resource, verb) => {
    const box = await startBox();
    box.deny({ verb, resource });
    const { store } = await open(optionsFor(box, temporaryFolder()));
    const question = resource === 'pods/exec' ? 'etcdMembership' : 'etcdHealth';
    await until(store, ({ asked }) => [...asked[question].values()].some(({ failure }) => failure !== null));
    const [asked] = store.state.asked[question].values();
    expect(asked?.failure?.failure).toMatchObject({ kind: 'denied', right: `${verb} ${resource}` });
  });

  it('is not asked in a recording, whoever looks, and what was answered is there', async () => {
    const box = await startBox();
    const file = join(temporaryFolder(), 'recording');
    const session = await open({ ...optionsFor(box, temporaryFolder()), record: file });
    const count = box.world.etcd.members.length;
    await until(session.store, (state) => allAnswered(state, count) && membership(state) !== null);
    const told = membership(session.store.state);
    await session.close();
    const before = box.requests.length;
    const replayed = await openReplay(file);
    replayed.attend('etcd');
    expect(membership(replayed.store.state)).toEqual(told);
    expect(replayed.store.state.asked.etcdFigures).toEqual(session.store.state.asked.etcdFigures);
    expect(box.requests.length).toBe(before);
    await replayed.close();
  });
});
