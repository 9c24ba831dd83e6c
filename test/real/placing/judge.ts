// The real scheduler as a judge: it is given pods, and says of each where it binds it, or why not.
import { setTimeout as after } from 'node:timers/promises';
import type { Api } from '../servers/api.ts';
import { waitFor, type ServerProcess } from '../servers/process.ts';
import type { ClaimObject, List, PersistentVolumeObject, PodObject } from '../wire.ts';
import { FENCE } from './nodes.ts';
import { completeBinding, JUDGED, removePods } from './site.ts';

/** Where a pod was bound, or what the scheduler says of one that stays pending. */
export type Verdict = { readonly node: string } | { readonly message: string };

export type Judge = {
  /**
   * Creates the pods, and resolves with the verdict on each, by name, when all have been tried.
   * @throws when the scheduler has not tried them all within a minute, with its last words
   */
  judge(pods: readonly PodObject[]): Promise<ReadonlyMap<string, Verdict>>;
  /** Resolves when the scheduler has seen everything that was done so far, `nodes` being how many there are now. */
  settle(nodes: number): Promise<void>;
};

const BRIEFLY = 10;
const FIRST_PORT = 20_000;
const podsIn = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`;

function verdictOf({ spec, status }: PodObject): Verdict | null {
  if (spec.nodeName !== undefined) return { node: spec.nodeName };
  const refused = status?.conditions?.find(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable');
  return refused === undefined ? null : { message: refused['message'] ?? '' };
}

/** Completes the binding of every claim for which the scheduler has chosen a volume, as the volume controller would. */
async function playVolumeController(api: Api, pods: readonly PodObject[]): Promise<void> {
  if (pods.every(({ spec }) => spec.volumes === undefined)) return;
  const claims = await api.do<List<ClaimObject>>('GET', `/api/v1/namespaces/${JUDGED}/persistentvolumeclaims`);
  const waiting = new Map(
    claims.items.filter(({ status }) => status?.phase === 'Pending').map((claim) => [claim.metadata.uid, claim]),
  );
  const volumes = await api.do<List<PersistentVolumeObject>>('GET', '/api/v1/persistentvolumes');
  for (const volume of volumes.items) {
    const claim = waiting.get(volume.spec.claimRef?.uid);
    if (claim !== undefined) await completeBinding(api, volume, claim);
  }
}

/** A judge on a cluster whose scheduler runs. */
export function createJudge(api: Api, scheduler: ServerProcess): Judge {
  let fences = 0;

  const judge: Judge['judge'] = async (pods) => {
    const verdicts = new Map<string, Verdict>();
    await Promise.all(pods.map((pod) => api.do('POST', podsIn(pod.metadata.namespace ?? ''), pod)));
    const look = async (pod: PodObject) => {
      const { name, namespace = '' } = pod.metadata;
      if (verdicts.has(name)) return;
      const verdict = verdictOf(await api.do<PodObject>('GET', `${podsIn(namespace)}/${name}`));
      if (verdict !== null) verdicts.set(name, verdict);
    };
    const tried = async () => {
      await playVolumeController(api, pods);
      await Promise.all(pods.map(look));
      return verdicts.size === pods.length;
    };
    for (let tries = 0; tries < 20 && !(await tried()); tries += 1) await after(BRIEFLY);
    await waitFor(`verdicts on ${pods.map(({ metadata }) => metadata.name).join(' ')}`, tried, { server: scheduler });
    return verdicts;
  };

  /** A pod that takes a port of the fence. */
  const taking = (name: string, port: number, nodeName?: string): PodObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: JUDGED },
    spec: {
      ...(nodeName === undefined ? { nodeSelector: { 'kubernetes.io/hostname': FENCE } } : { nodeName }),
      containers: [
        { name: 'app', image: 'registry.invalid/app:1', resources: {}, ports: [{ containerPort: 80, hostPort: port }] },
      ],
      tolerations: [{ operator: 'Exists' }],
    },
  });

  return {
    judge,
    settle: (nodes) =>
      waitFor('the scheduler to have seen all', async () => {
        // It hears of pods in the order of their changes: when it knows that the port is taken, it knows all before. Each try
        // has a port of its own, since the scheduler takes a port for free once any pod with it is gone.
        const number = (fences += 1);
        const port = FIRST_PORT + number;
        const [mark, probe] = [taking(`mark-${number}`, port, FENCE), taking(`probe-${number}`, port)];
        await api.do('POST', podsIn(JUDGED), mark);
        const verdict = (await judge([probe])).get(probe.metadata.name);
        await removePods(api, [mark, probe]);
        const says = verdict !== undefined && 'message' in verdict ? verdict.message : 'bound';
        if (!says.startsWith(`0/${nodes} nodes`) || !says.includes('free ports')) throw new Error(says);
        return true;
      }),
  };
}
