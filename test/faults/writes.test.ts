import { expect, test } from 'vitest';
import type { StepResult } from '../../source/operations/operation.ts';
import { PATIENT, openAt, passUntil, startPlace, type Place } from './place.tsx';
import type { Hurt, Stream } from './wire.ts';
import type { Spoken } from './spoken.ts';

const NODE = 'par1-worker-1';
const EDIT = { kind: 'label', set: { rack: 'b2' }, remove: [] } as const;

const refusal = (code: number, reason: string, message: string): Spoken => ({
  status: code,
  body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code }),
});

/** The write arrives, and what the server says to it never does. */
async function* lost(body: Stream): AsyncGenerator<Buffer> {
  for await (const chunk of body) yield chunk.subarray(chunk.length);
  throw new Error('the answer is lost');
}

type Struck = {
  readonly name: string;
  /** What becomes of the write itself; its dry run passes. */
  readonly hurt: (place: Place) => Hurt;
  readonly state: StepResult['state'];
  readonly why: RegExp | null;
  /** Whether the node is changed afterwards. */
  readonly changed: boolean;
};

const AT = 'Cannot change node par1-worker-1 at SERVER:';
const UNKNOWN =
  /^Whether node par1-worker-1 was changed is unknown, since no clear answer came \(.+\); look at the node/;

const STRUCK: readonly Struck[] = [
  {
    name: '409, when nobody changed the node',
    hurt: () => ({ answer: () => refusal(409, 'Conflict', 'Operation cannot be fulfilled on nodes "par1-worker-1"') }),
    state: 'refused',
    why: /^Cannot change node par1-worker-1 at SERVER: Operation cannot be fulfilled on nodes "par1-worker-1"; look again and retry\.$/,
    changed: false,
  },
  {
    name: '409, when somebody did',
    hurt: ({ box }) => ({
      answer: () => {
        box.world.nodes.update(NODE, (node) => ({
          ...node,
          metadata: { ...node.metadata, labels: { ...node.metadata.labels, rack: 'c3' } },
        }));
        return refusal(409, 'Conflict', 'Operation cannot be fulfilled on nodes "par1-worker-1"');
      },
    }),
    state: 'conflict',
    why: /^par1-worker-1 was changed by somebody else meanwhile/,
    changed: false,
  },
  {
    name: '403',
    hurt: () => ({
      answer: () => refusal(403, 'Forbidden', 'User "me" cannot patch resource "nodes" in API group ""'),
    }),
    state: 'refused',
    why: new RegExp(`^${AT} user "me" has no right to patch nodes \\(403\\); ask an administrator for it\\.$`),
    changed: false,
  },
  {
    name: '429',
    hurt: () => ({ answer: () => ({ ...refusal(429, 'TooManyRequests', ''), body: 'Too many requests\n' }) }),
    state: 'failed',
    why: new RegExp(`^${AT} the server asks to slow down \\(429\\); look at kube-apiserver there if that lasts\\.$`),
    changed: false,
  },
  {
    name: '500',
    hurt: () => ({ answer: () => refusal(500, 'InternalError', 'etcdserver: mvcc: database space exceeded') }),
    state: 'failed',
    why: new RegExp(`^${AT} the server answered 500: etcdserver: mvcc: database space exceeded;`),
    changed: false,
  },
  {
    name: '504 without a quorum, when it was not done',
    hurt: () => ({ answer: () => refusal(504, 'Timeout', 'Timeout: request did not complete') }),
    state: 'unknown',
    why: UNKNOWN,
    changed: false,
  },
  {
    name: 'a cut after it was done: the node itself tells',
    hurt: () => ({ body: lost }),
    state: 'done',
    why: null,
    changed: true,
  },
  {
    name: 'a cut before it was done',
    hurt: () => ({ reset: true }),
    state: 'unknown',
    why: UNKNOWN,
    changed: false,
  },
];

test.concurrent.for(STRUCK)(
  'a write and $name',
  PATIENT,
  async ({ hurt, state, why, changed }, { onTestFinished: atEnd }) => {
    const place = await startPlace(atEnd);
    const session = await openAt(atEnd, place);
    const { store } = session;
    await passUntil(place, () => store.state.resources.pods.status.state === 'live', 'the first picture');
    const plan = await session.plan([NODE], EDIT);
    const before = place.box.requests.length;
    place.wire.hurt = ({ method }) => (method === 'PATCH' ? hurt(place) : undefined);
    const ending = session.apply(plan);
    const ended: { results: readonly StepResult[] | null } = { results: null };
    void ending.then((results) => (ended.results = results));
    await passUntil(place, () => ended.results !== null, 'the end of the write', 1_000);
    place.wire.hurt = null;
    const [result] = await ending;
    expect({ ...result, why: undefined }).toEqual({ task: 'edit', node: NODE, state, why: undefined });
    if (why === null) expect(result?.why).toBeNull();
    else expect(result?.why?.replace(place.wire.url, 'SERVER')).toMatch(why);
    expect(place.box.world.nodes.get(NODE)?.metadata.labels?.['rack'] === 'b2').toBe(changed);
    const patches = place.box.requests.slice(before).filter(({ method }) => method === 'PATCH');
    expect(patches, 'never sent twice').toHaveLength(changed ? 1 : 0);
    expect(session.journal().map((item) => item.result)).toEqual([state]);
  },
);
