import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import type { EtcdFigures } from '../../source/model/etcd/etcd.ts';
import { readRecording, startRecording } from '../../source/state/recording.ts';
import { replay } from '../../source/state/replay.ts';
import { makeEvent, makeNode, makePod } from './made.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recording-'));
  file = join(folder, 'session.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const record = async (...events: readonly ClusterEvent[]) => {
  const failures: string[] = [];
  const recording = startRecording(
    file,
    () => 1_000,
    (why) => failures.push(why),
  );
  for (const event of events) recording.record(event);
  await recording.close();
  expect(failures).toEqual([]);
};

const recorded = async (): Promise<ClusterEvent[]> => {
  const events: ClusterEvent[] = [];
  for await (const event of readRecording(file)) events.push(event);
  return events;
};

const PLAIN: readonly ClusterEvent[] = [
  { type: 'list-started', at: 1, resource: 'pods' },
  { type: 'listed', at: 2, resource: 'pods', items: [makePod({ uid: 'p', node: 'a' })] },
  { type: 'list-ended', at: 3, resource: 'pods' },
  { type: 'changed', at: 4, resource: 'nodes', items: [makeNode({ name: 'a', taints: [] })] },
  { type: 'status', at: 5, resource: 'nodes', status: { state: 'live' } },
  { type: 'deleted', at: 6, resource: 'pods', uids: ['p'] },
];

const NOTHING_MEASURED: EtcdFigures = {
  id: null,
  version: null,
  startedAt: null,
  hasLeader: null,
  isLeader: null,
  isLearner: null,
  dbSize: null,
  dbSizeInUse: null,
  quota: null,
  committed: null,
  applied: null,
  leaderChanges: null,
  failedProposals: null,
  pendingProposals: null,
  slowApplies: null,
  peerFailures: null,
  defragmentations: null,
  fsync: null,
  commit: null,
  roundTrips: {},
  requests: null,
  handling: {},
};

const REST: readonly ClusterEvent[] = [
  { type: 'changed', at: 1, resource: 'events', items: [makeEvent({ uid: 'e', node: 'a', at: null })] },
  { type: 'heard', at: 2, resource: 'events' },
  { type: 'latency', at: 3, milliseconds: 1.5 },
  { type: 'rights', at: 4, rights: { patchNodes: null } },
  {
    type: 'answer',
    at: 4,
    question: 'etcdFigures',
    answer: {
      node: 'a',
      source: 'pod proxy',
      figures: {
        ...NOTHING_MEASURED,
        fsync: { bounds: [0.001, 1, Infinity], counts: [1, 2, 3] },
        roundTrips: { b: { bounds: [0.5, Infinity], counts: [1, 1] } },
      },
    },
  },
  { type: 'status', at: 5, resource: 'events', status: { state: 'loading', loaded: 1, total: null } },
  { type: 'status', at: 6, resource: 'events', status: { state: 'denied', right: 'list events', why: 'no' } },
];

describe('a recording', () => {
  it('gives back every event as it was', async () => {
    await record(...PLAIN, ...REST);
    expect(await recorded()).toEqual([...PLAIN, ...REST]);
  });

  it('gives back text with every kind of line end', async () => {
    const message = 'a\nb\rc\r\nd\u2028e\u2029f\u0085g';
    const event = { type: 'changed', at: 1, resource: 'events', items: [makeEvent({ uid: 'e', node: 'a', message })] };
    await record(event as ClusterEvent);
    expect(await recorded()).toEqual([event]);
  });

  it('is for its owner alone and says first what it is', async () => {
    writeFileSync(file, 'something older', { mode: 0o644 });
    await record(...PLAIN);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '')).toEqual({
      format: 'metalk8s-console recording',
      version: 1,
      at: 1_000,
    });
  });

  it('holds no value of an annotation but the workload address, and no credential in any text', async () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl';
    const annotations = { 'note/secret': 'hunter2', 'projectcalico.org/IPv4Address': '10.2.0.11/16' };
    const messages = [
      `cannot log in: Authorization: Bearer ${token}`,
      'pull from https://ada:hunter2@registry.example.com failed',
      'started with --password=hunter2 and token: hunter2',
      '-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----',
    ];
    await record(
      { type: 'changed', at: 1, resource: 'nodes', items: [makeNode({ name: 'a', annotations })] },
      {
        type: 'changed',
        at: 2,
        resource: 'events',
        items: messages.map((message, place) => makeEvent({ uid: `e${place}`, node: 'a', message })),
      },
      { type: 'status', at: 3, resource: 'nodes', status: { state: 'stale', since: 1, why: `token=${token}` } },
    );
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain(token);
    const [nodes] = await recorded();
    expect(nodes).toMatchObject({
      items: [{ annotations: { 'note/secret': '***', 'projectcalico.org/IPv4Address': '10.2.0.11/16' } }],
    });
  });

  it('that was cut off in the middle of its last line is replayed up to there', async () => {
    await record(...PLAIN);
    appendFileSync(file, '{"type":"chang');
    expect(await recorded()).toEqual(PLAIN);
  });

  it('cannot be started where no file can be', () => {
    expect(() => startRecording(join(folder, 'nowhere', 'x'), Date.now, () => undefined)).toThrow(
      /cannot be written: .*; name another file with --record\.$/,
    );
  });
});

describe('a file that is no recording', () => {
  it.each<[string, string | null, RegExp]>([
    ['a missing file', null, /cannot be replayed: ENOENT/],
    ['an empty file', '', /is no recording of this program/],
    ['another file', 'hello\nworld\n', /is no recording of this program/],
    [
      'a newer version',
      '{"format":"metalk8s-console recording","version":2,"at":1}\n',
      /is no recording of this program/,
    ],
    [
      'one with a foreign line in the middle',
      '{"format":"metalk8s-console recording","version":1,"at":1}\nhello\n{"type":"heard","at":1,"resource":"pods"}\n',
      /line 2 is no event/,
    ],
  ])('%s is told', async (_, text, says) => {
    if (text !== null) writeFileSync(file, text);
    await expect(recorded()).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(says) as string,
    });
  });
});

describe('a line that is no event', () => {
  const node = makeNode({ name: 'a', taints: [{ key: 'k', value: '', effect: 'NoSchedule', timeAdded: null }] });
  const pod = makePod({ uid: 'p', node: 'a' });
  const changed = (resource: string, ...items: readonly unknown[]) => ({ type: 'changed', at: 1, resource, items });
  const without = (item: object, name: string) =>
    Object.fromEntries(Object.entries(item).filter(([key]) => key !== name));

  it.each<[string, unknown]>([
    ['of no type that there is', { type: 'toString', at: 1, resource: 'nodes' }],
    ['without a time', { type: 'heard', resource: 'nodes' }],
    ['at no time that there is', { type: 'heard', at: 1e300, resource: 'nodes' }],
    ['without items', { type: 'changed', at: 1, resource: 'nodes' }],
    ['of no resource that there is', { type: 'list-started', at: 1, resource: '__proto__' }],
    ['with items of no resource that there is', changed('constructor', node)],
    ['with an item that is null', changed('nodes', null)],
    ...Object.keys(node).map((name): [string, unknown] => [
      `with a node without ${name}`,
      changed('nodes', without(node, name)),
    ]),
    ...Object.keys(pod).map((name): [string, unknown] => [
      `with a pod without ${name}`,
      changed('pods', without(pod, name)),
    ]),
    ['with an event alone by name', changed('events', { uid: 'e' })],
    ['with a label that is no text', changed('nodes', { ...node, labels: { a: 1 } })],
    ['with more than can be counted', changed('pods', { ...pod, requests: { ...pod.requests, cpu: 1e300 } })],
    [
      'with a rule of the scheduler that there is not',
      changed('pods', { ...pod, placement: { ...pod.placement, unmodelled: ['\u001b[2J'] } }),
    ],
    ['with a taint that is none', changed('nodes', { ...node, taints: [{}] })],
    ['with a state that there is not', { type: 'status', at: 1, resource: 'nodes', status: { state: 'well' } }],
    ['with a state without its reason', { type: 'status', at: 1, resource: 'nodes', status: { state: 'absent' } }],
    ['with uids that are none', { type: 'deleted', at: 1, resource: 'nodes', uids: [{}] }],
    ['with facts that are none', { type: 'server', at: 1, facts: {} }],
    ['with rights that are none', { type: 'rights', at: 1, rights: null }],
  ])('%s is told, also as the last', async (_, value) => {
    await record(...PLAIN);
    appendFileSync(file, `${JSON.stringify(value)}\n`);
    await expect(recorded()).rejects.toMatchObject({ message: `${file} cannot be replayed: line 8 is no event.` });
  });

  it('with a number that JSON can write and nobody can count with is told', async () => {
    await record(...PLAIN);
    appendFileSync(file, '{"type":"latency","at":1,"milliseconds":1e999}\n');
    await expect(recorded()).rejects.toMatchObject({ name: 'ConfigurationError' });
  });
});

describe('a replay', () => {
  const heard = (at: number): ClusterEvent => ({ type: 'heard', at, resource: 'nodes' });
  const play = async (speed: number | null, times: readonly number[], stopAfter = Infinity) => {
    const [waits, given, stopping] = [[] as number[], [] as number[], new AbortController()];
    await replay(
      (async function* () {
        yield* await Promise.resolve(times.map(heard));
      })(),
      ({ at }) => {
        given.push(at);
        if (given.length >= stopAfter) stopping.abort();
      },
      {
        speed,
        pause: (milliseconds, signal) => Promise.resolve(signal.aborted ? undefined : void waits.push(milliseconds)),
        signal: stopping.signal,
      },
    );
    return { waits, given };
  };

  it('gives pods that agree one object to share, however many events there are between them', async () => {
    const pod = (uid: string): ClusterEvent => ({
      type: 'changed',
      at: 1,
      resource: 'pods',
      items: [structuredClone(makePod({ uid }))],
    });
    const given: ClusterEvent[] = [];
    await replay(
      (async function* () {
        yield* await Promise.resolve([pod('a'), heard(2), pod('b')]);
      })(),
      (event) => void given.push(event),
      { speed: null, pause: () => Promise.resolve(), signal: new AbortController().signal },
    );
    const [one, other] = given.flatMap((event) => ('items' in event && event.resource === 'pods' ? event.items : []));
    expect([one?.uid, other?.uid]).toEqual(['a', 'b']);
    expect(other?.requests).toBe(one?.requests);
    expect(other?.placement).toBe(one?.placement);
  });

  it('keeps the pauses of the recording, faster by its speed, and none longer than ten seconds', async () => {
    expect(await play(2, [100, 100, 1_100, 500_000])).toEqual({
      waits: [500, 10_000],
      given: [100, 100, 1_100, 500_000],
    });
  });

  it('gives everything at once without a speed', async () => {
    expect(await play(null, [100, 9_000])).toEqual({ waits: [], given: [100, 9_000] });
  });

  it('goes on when time went backwards, and ends when it is stopped', async () => {
    expect(await play(1, [500, 100, 200], 2)).toEqual({ waits: [], given: [500, 100] });
  });
});
