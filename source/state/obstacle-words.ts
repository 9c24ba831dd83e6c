import { selects } from '../model/headroom/claims.ts';
import type { AmountsAndPods, Obstacle } from '../model/headroom/site.ts';
import type { Against } from '../model/headroom/survey.ts';
import type { Taint } from '../model/kubernetes/node.ts';
import type { VolumeClaim } from '../model/kubernetes/storage.ts';
import type { Volume } from '../model/volume.ts';
import { CONDITION_TAINTS } from '../product/node-roles.ts';
import { roleOfKey } from '../product/roles.ts';
import { bytes, coresWords } from '../text/amounts.ts';
import { list, plural } from '../text/words.ts';
import type { ClusterState } from './cluster-state.ts';
import { NO_SUMS } from './sums.ts';

/** What is known of claims and volumes, to say more about them than an obstacle does. */
export type StorageFacts = Pick<ClusterState, 'claims' | 'persistentVolumes' | 'storageClasses' | 'volumes'>;

/** Two clauses about one obstacle: why the node does not do, and what would let the pod in. */
type Words = { readonly why: string; readonly help: string };

const taintText = ({ key, value, effect }: Taint): string => `${key}${value === '' ? '' : `=${value}`}:${effect}`;

function taintWords(taint: Taint): Words {
  const text = taintText(taint);
  const condition = CONDITION_TAINTS.get(taint.key);
  // Kubernetes sets such a taint again as long as what it stands for is so.
  if (condition !== undefined) return { why: condition, help: `mend this first: ${condition}` };
  return { why: `it has the taint ${text}`, help: `untaint ${text}` };
}

/** The label by which the kubelet names its machine: nobody sets it by hand. */
const HOSTNAME = 'kubernetes.io/hostname';

function labelWords(key: string, value: string): Words {
  const role = value === '' ? roleOfKey(key) : null;
  if (role !== null) return { why: `it does not have the role ${role}`, help: `give it the role ${role}` };
  if (key === HOSTNAME) return { why: `it is not ${value}`, help: `a node named ${value}` };
  const text = value === '' ? key : `${key}=${value}`;
  return { why: `it does not have the label ${text}`, help: `label ${text}` };
}

/** How an amount that is missing is said: rounded so that as much suffices. */
const AMOUNTS: { readonly [R in keyof AmountsAndPods]: { of: (amount: number) => string; name: string } } = {
  cpu: { of: (amount) => coresWords(amount, { round: 'up' }), name: 'CPU' },
  memory: { of: (amount) => `${bytes(amount, { round: 'up' })} of memory`, name: 'memory' },
  ephemeralStorage: {
    of: (amount) => `${bytes(amount, { round: 'up' })} of ephemeral storage`,
    name: 'ephemeral storage',
  },
  pods: { of: (amount) => plural(amount, 'pod slot'), name: 'pods' },
};

function shortWords(resource: keyof AmountsAndPods, by: number | null): Words {
  const { of, name } = AMOUNTS[resource];
  if (by === null)
    return { why: `it does not say how much it offers of ${name}`, help: `a kubelet that reports its ${name}` };
  return { why: `it lacks ${of(by)}`, help: `${of(by)} more` };
}

const gateWords = (gates: readonly string[]): Words => ({
  why: `the pod is held back by its scheduling gates: ${list(gates)}`,
  help: `take its scheduling gates away: ${list(gates)}`,
});

type ClaimObstacle = Extract<Obstacle, { kind: 'claim' }>;

/** A Volume of MetalK8s that would do once it is well. */
const unwellVolume = (claim: VolumeClaim, { volumes }: StorageFacts): Volume | undefined =>
  [...volumes.values()].find(
    (volume) =>
      volume.storageClass === claim.storageClass &&
      (volume.phase !== 'Available' || volume.deleting) &&
      selects(claim, volume.labels),
  );

/** The labels that a claim asks for, as `kubectl` writes a selector of equals. */
const labelsText = ({ selector }: VolumeClaim): string =>
  Object.entries(selector?.labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

function noVolumeWords(name: string, claim: VolumeClaim | undefined, facts: StorageFacts): Words {
  if (claim === undefined) return { why: `no volume for the claim ${name} is free here`, help: `a volume for ${name}` };
  const unwell = unwellVolume(claim, facts);
  if (unwell !== undefined) {
    const phase = unwell.deleting ? 'being deleted' : (unwell.phase?.toLowerCase() ?? 'not set up yet');
    const told = unwell.message === '' ? '' : ` (${unwell.message})`;
    const words = `the Volume ${unwell.name} on ${unwell.node} is ${phase}${told}`;
    return { why: `${words}, which the claim ${name} could get`, help: `mend this first: ${words}` };
  }
  const labels = labelsText(claim);
  const wanted = [
    `a Volume of class ${claim.storageClass ?? 'none'}`,
    claim.request === null ? '' : ` with ${bytes(claim.request, { round: 'up' })}`,
    labels === '' ? '' : ` labelled ${labels}`,
  ].join('');
  return { why: `no volume for the claim ${name} is free here`, help: wanted };
}

/** Where the volume of a claim is: a Volume of MetalK8s has the name of its PersistentVolume, and says the node. */
function elsewhereWords(name: string, volume: string, { persistentVolumes, volumes }: StorageFacts): Words {
  if (!persistentVolumes.has(volume))
    return { why: `the volume ${volume} of the claim ${name} is gone`, help: `the volume ${volume} back` };
  const node = volumes.get(volume)?.node;
  const place = node === undefined ? 'on another node' : `on ${node}`;
  return {
    why: `the volume ${volume} of the claim ${name} is ${place}`,
    help: `nothing here: the volume ${volume} is ${place}`,
  };
}

function notBoundWords(name: string, claim: VolumeClaim | undefined, { storageClasses }: StorageFacts): Words {
  const why = `the claim ${name} is not bound`;
  if (claim?.storageClass === null) return { why, help: `a StorageClass for the claim ${name}, which names none` };
  if (typeof claim?.volume === 'string')
    return { why, help: `the volume ${claim.volume}, which the claim ${name} asks for` };
  if (claim !== undefined && claim.storageClass !== '' && !storageClasses.has(claim.storageClass))
    return { why, help: `the StorageClass ${claim.storageClass}, which does not exist` };
  return { why, help: `a volume that the claim ${name} is bound to` };
}

function claimWords({ claim: name, why }: ClaimObstacle, facts: StorageFacts): Words {
  const claim = facts.claims.get(name);
  switch (why) {
    case 'elsewhere':
      return elsewhereWords(name, claim?.volume ?? name, facts);
    case 'no-volume':
      return noVolumeWords(name, claim, facts);
    case 'no-claim':
      return claim === undefined
        ? { why: `the claim ${name} does not exist`, help: `the claim ${name}` }
        : { why: `the claim ${name} is being deleted`, help: `a new claim ${name}` };
    case 'not-bound':
      return notBoundWords(name, claim, facts);
    case 'untold':
      return { why: `the claim ${name} cannot be looked at`, help: `the right to list claims, volumes and classes` };
  }
}

function wordsOf(obstacle: Obstacle, facts: StorageFacts, node: string): Words {
  switch (obstacle.kind) {
    case 'cordoned':
      return { why: 'it is cordoned', help: `uncordon ${node}` };
    case 'taint':
      return taintWords(obstacle.taint);
    case 'label':
      return labelWords(obstacle.key, obstacle.value);
    case 'gates':
      return gateWords(obstacle.gates);
    case 'affinity':
      return {
        why: 'it does not match the node affinity of the pod',
        help: 'labels that match the node affinity of the pod',
      };
    case 'short':
      return shortWords(obstacle.resource, obstacle.by);
    case 'port': {
      const port = `port ${obstacle.port.port}/${obstacle.port.protocol}`;
      return { why: `its ${port} is taken`, help: `its ${port} free` };
    }
    case 'claim':
      return claimWords(obstacle, facts);
  }
}

/** Why a node does not do, as a clause about the node ("it is cordoned"); names in it are as they came. */
export const obstacleWords = (obstacle: Obstacle, storage: StorageFacts): string =>
  wordsOf(obstacle, storage, 'it').why;

/** The same of many nodes, of which some may lack more than others ("it lacks at least 0.2 cores"). */
export function againstWords({ obstacle, most }: Pick<Against, 'obstacle' | 'most'>, storage: StorageFacts): string {
  if (obstacle.kind !== 'short' || obstacle.by === null || most === null) return obstacleWords(obstacle, storage);
  const { of } = AMOUNTS[obstacle.resource];
  return `it lacks ${of(obstacle.by)} to ${of(most)}`;
}

/** What would let the pod in, as a command or a thing ("untaint a=b:NoSchedule", "0.4 cores more"); names are as they came. */
export const helpWords = (obstacle: Obstacle, state: NodeFacts, node = 'it'): string =>
  beyond(obstacle, state, node) ?? wordsOf(obstacle, state, node).help;

export type NodeFacts = StorageFacts & Pick<ClusterState, 'nodes' | 'sumsByNode'>;

/** What is said where a pod asks for more than the node has when it is empty: no room that is made would help. */
function beyond(obstacle: Obstacle, { nodes, sumsByNode }: NodeFacts, node: string): string | null {
  if (obstacle.kind !== 'short' || obstacle.by === null || obstacle.resource === 'pods') return null;
  const whole = nodes.get(node)?.allocatable[obstacle.resource] ?? null;
  const taken = (sumsByNode.get(node) ?? NO_SUMS).requests[obstacle.resource];
  if (whole === null || obstacle.by <= taken) return null;
  return `a larger machine: it has ${AMOUNTS[obstacle.resource].of(whole)} in all`;
}
