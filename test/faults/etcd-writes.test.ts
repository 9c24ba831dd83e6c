import { expect, test } from 'vitest';
import type { StepResult } from '../../source/operations/operation.ts';
import { PATIENT, openAt, passUntil, startPlace, type Place } from './place.tsx';
import type { Hurt } from './wire.ts';
import { status } from './spoken.ts';

type Struck = {
  readonly name: string;
  /** What becomes of the command that defragments; all that looks passes. */
  readonly hurt: Hurt;
  readonly state: StepResult['state'];
  readonly why: RegExp;
  /** How often the member was defragmented. */
  readonly done: number;
};

const UNKNOWN =
  /^Whether etcd did it is unknown \(.+\); look at its members before trying again\. .*does not show that/;
const SHOWN = /^[\d.]+Mi in the file before, [\d.]+Mi now\.$/;
const BAD_GATEWAY = status(502, 'BadGateway', 'error dialing backend: EOF');

const STRUCK: readonly Struck[] = [
  {
    name: 'a cut while the member works, which etcd does not stop for',
    hurt: {
      run: ({ ran, cut }) => {
        void ran();
        setTimeout(cut, 100);
      },
    },
    state: 'done',
    why: SHOWN,
    done: 1,
  },
  {
    name: 'a close without a word about the end',
    hurt: { run: ({ ran, close }) => void ran().then(close) },
    state: 'done',
    why: SHOWN,
    done: 1,
  },
  {
    name: 'a cut before it came to the member',
    hurt: { run: ({ cut }) => cut() },
    state: 'unknown',
    why: UNKNOWN,
    done: 0,
  },
  { name: 'an etcdctl that is killed', hurt: { run: ({ end }) => end(137) }, state: 'unknown', why: UNKNOWN, done: 0 },
  {
    name: 'an etcdctl that waited in vain, for what etcd did',
    hurt: {
      run: ({ ran, stderr, end }) =>
        void ran().then(() => {
          stderr('Failed to defragment etcd member[https://127.0.0.1:2379] (context deadline exceeded)\n');
          end(1);
        }),
    },
    state: 'done',
    why: SHOWN,
    done: 1,
  },
  {
    name: 'an etcdctl that says no',
    hurt: {
      run: ({ stderr, end }) => {
        stderr('Error: etcdserver: permission denied\n');
        end(1);
      },
    },
    state: 'failed',
    why: /etcdctl ended with 1 \(etcdserver: permission denied\); look at the members of etcd\.$/,
    done: 0,
  },
  {
    name: '403',
    hurt: {
      answer: () => status(403, 'Forbidden', 'pods "etcd" is forbidden: User "me" cannot create resource "pods/exec"'),
    },
    state: 'refused',
    why: /has no right to .*pods\/exec.* ask an administrator for them\.$/,
    done: 0,
  },
  {
    name: 'a kubelet that is not reached',
    hurt: { answer: () => BAD_GATEWAY },
    state: 'unknown',
    why: /error dialing backend|EOF/,
    done: 0,
  },
];

/** How often members were defragmented since they started, by the sandbox's own count. */
const countOf = ({ box }: Place, node: string): number =>
  box.world.etcd.on(node)?.process.defragmentations.count ?? NaN;

test.concurrent.for(STRUCK)(
  'a defragmentation and $name',
  PATIENT,
  async ({ hurt, state, why, done }, { onTestFinished: atEnd }) => {
    const place = await startPlace(atEnd);
    const session = await openAt(atEnd, place, { patience: { bound: 1_500, pause: 100 } });
    const { store } = session;
    await passUntil(place, () => store.state.resources.pods.status.state === 'live', 'the first picture');
    const plan = await session.planEtcd({ kind: 'defragment', members: [] });
    const [first] = plan.steps;
    expect(plan.guards.map((guard) => guard.state)).not.toContain('refused');
    const node = first?.node ?? '';
    let asked = 0;
    place.wire.hurt = ({ path }) => {
      if (!path.includes('command=defrag') || !path.includes(`/etcd-${node}/`)) return undefined;
      asked += 1;
      return hurt;
    };
    const ended: { results: readonly StepResult[] | null } = { results: null };
    const stop = new AbortController();
    const ending = session.apply(plan, ({ state }) => state === 'ended' || stop.abort(), stop.signal);
    void ending.then((results) => (ended.results = results));
    await passUntil(place, () => ended.results !== null, 'the end of the operation', 1_000);
    place.wire.hurt = null;
    const [result, ...others] = await ending;
    expect([result?.node, result?.state, result?.why]).toEqual([node, state, expect.stringMatching(why)]);
    expect({ asked, done: countOf(place, node) }, 'never sent twice').toEqual({ asked: 1, done });
    for (const other of others) {
      expect(other.state).toBe('failed');
      expect(countOf(place, other.node), 'no other member is touched').toBe(0);
    }
    expect(session.journal()).toMatchObject([{ task: 'defragment', object: node, result: state }]);
  },
);
