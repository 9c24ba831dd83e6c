import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { without } from '../../source/sandbox/fields.ts';
import type { KubernetesObject, Pod, PodDisruptionBudget } from '../../source/sandbox/wire.ts';
import { byBody, type Compare } from './compare.ts';
import { readRecordings, type Recording } from './recordings.ts';
import { keyOf, Replay, type Deed, type Script } from './replay.ts';

const { RECORDINGS = '' } = process.env;

const BUDGETS = '/apis/policy/v1/namespaces/lab/poddisruptionbudgets';

/** What was done to the budgets between two recordings. */
const DEEDS: Readonly<Record<string, readonly Deed[]>> = {
  '006': [
    [
      'POST',
      BUDGETS,
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'second' },
        spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'evict' } } },
      },
    ],
  ],
  '007': [
    ['DELETE', `${BUDGETS}/second`],
    ['PATCH', `${BUDGETS}/evict`, { spec: { minAvailable: 1 } }],
  ],
};

type Stored<T> = T & { kind?: string; apiVersion?: string };
const plain = <T extends KubernetesObject>(object: Stored<T>): T =>
  without(object, 'kind', 'apiVersion') as unknown as T;

const recorded = (recordings: readonly Recording[], number: number): Recording['response'] => {
  const found = recordings.find((each) => each.number === number);
  if (!found) throw new Error(`there is no recording ${number}`);
  return found.response;
};

/** The pod that an eviction was about. */
const evictedBy = (recordings: readonly Recording[], number: number): string =>
  recordings.find((each) => each.number === number)?.request.path.split('/')[6] ?? '';

/** The pods that a ReplicaSet of two had at first: the one that the stream shows, and its brother. */
const seed: Script['seed'] = (world, recordings) => {
  const [first] = recorded(recordings, 11).stream ?? [];
  const pod = plain(first?.event.object as Stored<Pod>);
  const conditions = (pod.status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget');
  const running = { ...pod, status: { ...pod.status, conditions } };
  const name = evictedBy(recordings, 10);
  const brother = { ...running.metadata, name, uid: 'c0ffee00-0000-4000-8000-000000000000' };
  world.pods.put(running);
  world.pods.put({ ...running, metadata: brother });
  const budget = plain(recorded(recordings, 1).body as Stored<PodDisruptionBudget>);
  world.collection('poddisruptionbudgets').put(budget);
};

/** The replacement came into being and the evicted pod went: no controller and no kubelet of these pods is played. */
const replaced =
  (recordings: readonly Recording[]): NonNullable<Script['before']>[string] =>
  ({ world }) => {
    world.pods.remove(`lab/${evictedBy(recordings, 9)}`);
    const status = (recorded(recordings, 14).body as Pod).status;
    const replacement = plain(recorded(recordings, 14).body as Stored<Pod>);
    const metadata = without(replacement.metadata, 'deletionTimestamp', 'deletionGracePeriodSeconds');
    world.pods.put({ ...replacement, metadata, status });
  };

const budget = (body: unknown): unknown => {
  const { metadata, spec, status } = body as PodDisruptionBudget;
  const conditions = status.conditions?.map((each) => without(each, 'lastTransitionTime'));
  return { name: metadata.name, generation: metadata.generation, spec, status: { ...status, conditions } };
};
const byBudget: Compare = ({ body }, got) => expect(budget(got.body)).toEqual(budget(body));

/** What is told of a pod on its way out. */
const leaving = (object: unknown): unknown => {
  const { metadata, status } = object as Pod;
  const { name, deletionGracePeriodSeconds } = metadata;
  const target = status.conditions?.find(({ type }) => type === 'DisruptionTarget');
  const marked = metadata.deletionTimestamp !== undefined;
  return { name, marked, deletionGracePeriodSeconds, reason: target?.reason, message: target?.message };
};

const COMPARISONS: Readonly<Record<string, Compare>> = {
  '001': byBudget,
  '007': byBudget,
  // What follows is the part of kubelet and controllers.
  '011': ({ stream = [] }, got) => {
    const told = got.events.map(({ type, object }) => [type, leaving(object)]);
    expect(told).toEqual(stream.slice(0, 2).map(({ event }) => [event.type, leaving(event.object)]));
  },
  '014': ({ body }, got) => expect(leaving(got.body)).toEqual(leaving(body)),
};

describe.runIf(RECORDINGS !== '').each(['k8s-v1.29.14-evict', 'k8s-v1.36.2-evict'])(
  'evicts as the server of %s',
  (folder) => {
    const recordings = RECORDINGS === '' ? [] : readRecordings(`${RECORDINGS}/${folder}`);
    let replay: Replay;
    beforeAll(async () => {
      replay = await Replay.of(recordings, {
        inScope: () => true,
        settling: 250,
        seed,
        deeds: DEEDS,
        before: { '012': replaced(recordings) },
      });
    });
    afterAll(() => replay.stop());

    it.each(recordings.map((recording) => [recording.name, recording] as const))('%s', (_name, recording) => {
      const got = replay.outcomes.get(keyOf(recording));
      if (!got) throw new Error('the request was not sent');
      expect(got.status).toBe(recording.response.status);
      expect(got.headers['retry-after']).toBe(recording.response.headers['retry-after']);
      (COMPARISONS[keyOf(recording)] ?? byBody)(recording.response, got);
    });
  },
);
