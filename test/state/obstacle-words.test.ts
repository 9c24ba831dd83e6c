import { describe, expect, it } from 'vitest';
import type { Obstacle } from '../../source/model/headroom/site.ts';
import type { VolumeClaim } from '../../source/model/kubernetes/storage.ts';
import type { Volume } from '../../source/model/volume.ts';
import { againstWords, helpWords, obstacleWords, type StorageFacts } from '../../source/state/obstacle-words.ts';
import { sumOf } from '../../source/state/sums.ts';
import { makeClaim, makeNode, makePersistentVolume, makePod, makeStorageClass, makeVolume } from './made.ts';
import { madeTaint } from '../model/kubernetes/node.ts';

const GI = 2 ** 30;
const facts = (
  claim: Partial<VolumeClaim> | null,
  volumes: readonly Volume[] = [],
  persistent: readonly string[] = [],
): StorageFacts => ({
  claims: new Map(claim === null ? [] : [['shop/data', makeClaim({ name: 'data', ...claim })]]),
  volumes: new Map(volumes.map((volume) => [volume.name, volume])),
  persistentVolumes: new Map(persistent.map((name) => [name, makePersistentVolume({ name })])),
  storageClasses: new Map([['metalk8s', makeStorageClass()]]),
});
const NONE = facts(null);
const short = (resource: Extract<Obstacle, { kind: 'short' }>['resource'], by: number | null): Obstacle => ({
  kind: 'short',
  resource,
  by,
});

/** With nodes of which nothing is known. */
const factsOf = (storage: StorageFacts) => ({ ...storage, nodes: new Map(), sumsByNode: new Map() });

describe('an obstacle in words', () => {
  it.each<[Obstacle, string, string]>([
    [{ kind: 'cordoned' }, 'it is cordoned', 'uncordon wrk-3'],
    [
      { kind: 'taint', taint: madeTaint('node-role.kubernetes.io/infra:NoSchedule') },
      'it has the taint node-role.kubernetes.io/infra:NoSchedule',
      'untaint node-role.kubernetes.io/infra:NoSchedule',
    ],
    [{ kind: 'taint', taint: madeTaint('a=b:NoExecute') }, 'it has the taint a=b:NoExecute', 'untaint a=b:NoExecute'],
    [
      { kind: 'taint', taint: madeTaint('node.kubernetes.io/unreachable:NoExecute') },
      'the node controller has lost the kubelet',
      'mend this first: the node controller has lost the kubelet',
    ],
    [
      { kind: 'label', key: 'node-role.kubernetes.io/infra', value: '' },
      'it does not have the role infra',
      'give it the role infra',
    ],
    [
      { kind: 'label', key: 'node-role.kubernetes.io/infra', value: 'true' },
      'it does not have the label node-role.kubernetes.io/infra=true',
      'label node-role.kubernetes.io/infra=true',
    ],
    [{ kind: 'label', key: 'disk', value: 'ssd' }, 'it does not have the label disk=ssd', 'label disk=ssd'],
    [{ kind: 'label', key: 'disk', value: '' }, 'it does not have the label disk', 'label disk'],
    [
      { kind: 'gates', gates: ['example.com/quota', 'example.com/licence'] },
      'the pod is held back by its scheduling gates: example.com/quota and example.com/licence',
      'take its scheduling gates away: example.com/quota and example.com/licence',
    ],
    [
      { kind: 'affinity' },
      'it does not match the node affinity of the pod',
      'labels that match the node affinity of the pod',
    ],
    [short('cpu', 400), 'it lacks 0.4 cores', '0.4 cores more'],
    [short('cpu', 401), 'it lacks 0.41 cores', '0.41 cores more'],
    [short('cpu', 1), 'it lacks 0.001 cores', '0.001 cores more'],
    [short('cpu', 12_301), 'it lacks 12.4 cores', '12.4 cores more'],
    [short('memory', 1.21 * GI), 'it lacks 1.3Gi of memory', '1.3Gi of memory more'],
    [short('memory', 1), 'it lacks 1 of memory', '1 of memory more'],
    [short('ephemeralStorage', 2 * GI), 'it lacks 2Gi of ephemeral storage', '2Gi of ephemeral storage more'],
    [short('pods', 1), 'it lacks 1 pod slot', '1 pod slot more'],
    [short('pods', 2), 'it lacks 2 pod slots', '2 pod slots more'],
    [short('cpu', null), 'it does not say how much it offers of CPU', 'a kubelet that reports its CPU'],
    [
      { kind: 'port', port: { address: '', protocol: 'TCP', port: 80 } },
      'its port 80/TCP is taken',
      'its port 80/TCP free',
    ],
  ])('%j', (obstacle, why, help) =>
    expect([obstacleWords(obstacle, NONE), helpWords(obstacle, factsOf(NONE), 'wrk-3')]).toEqual([why, help]),
  );
});

describe('a claim in words', () => {
  type Why = Extract<Obstacle, { kind: 'claim' }>['why'];
  const bound = { phase: 'Bound', volume: 'v' };
  const wanting = { selector: { labels: { app: 'loki', tier: 'one' }, requirements: [] } };
  const labelled = (given: Partial<Volume>) =>
    makeVolume({ name: 'loki', node: 'wrk-2', labels: { app: 'loki', tier: 'one' }, ...given });
  const none = 'no volume for the claim shop/data is free here';
  it.each<[string, Why, StorageFacts, string, string]>([
    [
      'on a node that is known',
      'elsewhere',
      facts(bound, [makeVolume({ name: 'v', node: 'wrk-1' })], ['v']),
      'the volume v of the claim shop/data is on wrk-1',
      'nothing here: the volume v is on wrk-1',
    ],
    [
      'on another node',
      'elsewhere',
      facts(bound, [], ['v']),
      'the volume v of the claim shop/data is on another node',
      'nothing here: the volume v is on another node',
    ],
    ['lost', 'elsewhere', facts(bound), 'the volume v of the claim shop/data is gone', 'the volume v back'],
    ['without a volume', 'no-volume', facts({}), none, 'a Volume of class metalk8s with 10Gi'],
    [
      'with labels',
      'no-volume',
      facts(wanting),
      none,
      'a Volume of class metalk8s with 10Gi labelled app=loki,tier=one',
    ],
    ['of no size', 'no-volume', facts({ request: null }), none, 'a Volume of class metalk8s'],
    [
      'whose Volume is well, and of another',
      'no-volume',
      facts(wanting, [labelled({})]),
      none,
      expect.anything() as string,
    ],
    [
      'whose Volume has failed',
      'no-volume',
      facts(wanting, [labelled({ phase: 'Failed', message: 'no such device' })]),
      'the Volume loki on wrk-2 is failed (no such device), which the claim shop/data could get',
      'mend this first: the Volume loki on wrk-2 is failed (no such device)',
    ],
    [
      'whose Volume is not ready yet',
      'no-volume',
      facts(wanting, [labelled({ phase: 'Pending' })]),
      'the Volume loki on wrk-2 is pending, which the claim shop/data could get',
      'mend this first: the Volume loki on wrk-2 is pending',
    ],
    [
      'whose Volume is going',
      'no-volume',
      facts(wanting, [labelled({ deleting: true })]),
      'the Volume loki on wrk-2 is being deleted, which the claim shop/data could get',
      'mend this first: the Volume loki on wrk-2 is being deleted',
    ],
    [
      'whose failed Volume has other labels',
      'no-volume',
      facts(wanting, [labelled({ phase: 'Failed', labels: { app: 'loki' } })]),
      none,
      expect.anything() as string,
    ],
    ['that is not there', 'no-claim', NONE, 'the claim shop/data does not exist', 'the claim shop/data'],
    [
      'that is going',
      'no-claim',
      facts({ deleting: true }),
      'the claim shop/data is being deleted',
      'a new claim shop/data',
    ],
    [
      'without a class',
      'not-bound',
      facts({ storageClass: null }),
      'the claim shop/data is not bound',
      'a StorageClass for the claim shop/data, which names none',
    ],
    [
      'of a class that is not there',
      'not-bound',
      facts({ storageClass: 'fast' }),
      'the claim shop/data is not bound',
      'the StorageClass fast, which does not exist',
    ],
    [
      'that asks for a volume by name',
      'not-bound',
      facts({ volume: 'v' }),
      'the claim shop/data is not bound',
      'the volume v, which the claim shop/data asks for',
    ],
    [
      'that is bound at once',
      'not-bound',
      facts({}),
      'the claim shop/data is not bound',
      'a volume that the claim shop/data is bound to',
    ],
    [
      'that cannot be seen',
      'untold',
      NONE,
      'the claim shop/data cannot be looked at',
      'the right to list claims, volumes and classes',
    ],
  ])('%s', (_, why, storage, words, help) => {
    const obstacle: Obstacle = { kind: 'claim', claim: 'shop/data', why };
    expect([obstacleWords(obstacle, storage), helpWords(obstacle, factsOf(storage))]).toEqual([words, help]);
  });
});

it('names are as they came, for programs read them too', () => {
  const taint = { key: 'a\u001b[2J', value: '\u202e', effect: 'NoSchedule\n', timeAdded: null };
  expect(obstacleWords({ kind: 'taint', taint }, NONE)).toBe('it has the taint a\u001b[2J=\u202e:NoSchedule\n');
  expect(helpWords({ kind: 'cordoned' }, factsOf(NONE), 'x\u001b')).toBe('uncordon x\u001b');
});

it('a label that names the machine is no advice', () => {
  const obstacle: Obstacle = { kind: 'label', key: 'kubernetes.io/hostname', value: 'w-9' };
  expect([obstacleWords(obstacle, NONE), helpWords(obstacle, factsOf(NONE))]).toEqual([
    'it is not w-9',
    'a node named w-9',
  ]);
});

it('no room that is made helps a pod that is larger than the machine', () => {
  const nodes = new Map([['a', makeNode({ name: 'a' })]]);
  const pod = makePod({ uid: 'p', requests: { cpu: 300, memory: 0, ephemeralStorage: 0 } });
  const facts = { ...NONE, nodes, sumsByNode: new Map([['a', sumOf([pod])]]) };
  expect(helpWords(short('cpu', 300), facts, 'a')).toBe('0.3 cores more');
  expect(helpWords(short('cpu', 301), facts, 'a')).toBe('a larger machine: it has 3.8 cores in all');
});

it('a shortage of many nodes is told from the least to the most', () => {
  expect(againstWords({ obstacle: short('cpu', 200), most: 8_500 }, NONE)).toBe('it lacks 0.2 cores to 8.5 cores');
  expect(againstWords({ obstacle: short('cpu', 200), most: null }, NONE)).toBe('it lacks 0.2 cores');
  expect(againstWords({ obstacle: { kind: 'cordoned' }, most: null }, NONE)).toBe('it is cordoned');
});
