import { timestamp } from '../clock.ts';
import type { Random } from '../random.ts';
import type { ContainerStatus, Pod } from '../wire.ts';
import type { Kubelets } from './kubelet.ts';
import { markForDeletion } from './node-lifecycle.ts';
import { podOf, type Owner } from './owner.ts';
import { condition, isLeaving, isReady } from './pods.ts';
import type { Site } from './site.ts';

/** A site that is busy, for as long as it shall be. */
export type Load = {
  /** So many changes of nodes and pods a second from now on, beside what happens by itself; 0 for none. */
  run(perSecond: number): void;
  /** So many changes now, all at once. */
  burst(changes: number): void;
};

type World = {
  site: Site;
  kubelets: Pick<Kubelets, 'isAlive' | 'report'>;
  /** The owner of a pod, if a controller of this world looks after it. */
  ownerOf: (pod: Pod) => Owner | undefined;
  random: Random;
};

/** Changes are spread over a second, as they are on a real site. */
const STEP_MILLISECONDS = 20;
/** What could not happen in time, as in a process that was stopped, is made up for to this much. */
const LONGEST_STEP_MILLISECONDS = 1000;
/** Pods that are looked at until one is found to which something can happen. */
const TRIES = 8;

/** What may happen to a pod. Answers how many changes of it a watch will tell, now and within seconds. */
type Happening = (pod: Pod, world: World) => number;
/** What happens, and how often among a hundred happenings. A kind of `node` is one report of a kubelet. */
const MIX: readonly (readonly [share: number, what: 'node' | Happening])[] = [
  [40, 'node'],
  [25, restarted],
  [25, readinessTurned],
  [10, replaced],
];

/** The last container of a pod ended in error and runs again. */
function restarted(pod: Pod, { site }: World): number {
  const at = timestamp(site.clock.now());
  const statuses = pod.status.containerStatuses ?? [];
  const last = statuses.at(-1);
  if (!last) return 0;
  const { startedAt = at } = (last.state as { running?: { startedAt?: string } }).running ?? {};
  const again: ContainerStatus = {
    ...last,
    state: { running: { startedAt: at } },
    lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', startedAt, finishedAt: at } },
    restartCount: last.restartCount + 1,
  };
  site.pods.put({ ...pod, status: { ...pod.status, containerStatuses: [...statuses.slice(0, -1), again] } });
  return 1;
}

/** The readiness probe of a pod begins to fail, or to pass again. */
function readinessTurned(pod: Pod, { site }: World): number {
  const at = timestamp(site.clock.now());
  const ready = !isReady(pod);
  const turned = (type: string): ReturnType<typeof condition> =>
    condition(type, ready ? 'True' : 'False', at, ready ? {} : { reason: 'ContainersNotReady' });
  const conditions = (pod.status.conditions ?? []).map((each) =>
    each.type === 'Ready' || each.type === 'ContainersReady' ? turned(each.type) : each,
  );
  const statuses = (pod.status.containerStatuses ?? []).map((each) => ({ ...each, ready }));
  site.pods.put({ ...pod, status: { ...pod.status, conditions, containerStatuses: statuses } });
  return 1;
}

/** A pod of a ReplicaSet leaves, and another takes its place on the same node: marked, created, gone, running. */
function replaced(pod: Pod, { site, ownerOf }: World): number {
  const owner = ownerOf(pod);
  if (owner?.kind !== 'ReplicaSet') return 0;
  const now = site.clock.now();
  const next = podOf(site, owner, now);
  const nodeName = pod.spec.nodeName ?? '';
  const scheduled = condition('PodScheduled', 'True', timestamp(now));
  markForDeletion(site, pod);
  site.pods.put({
    ...next,
    spec: { ...next.spec, nodeName },
    status: { ...next.status, conditions: [scheduled] },
  });
  return 4;
}

/** The load of a world; it rests until it is told to run. */
export function loadOf(world: World): Load {
  const { site, kubelets, random } = world;
  let rate = 0;
  let owed = 0;
  let since = site.clock.now();
  let running = false;
  let nodes: string[] = [];
  let pods: string[] = [];

  const one = <T>(among: readonly T[]): T | undefined => among[random.between(0, among.length - 1)];

  const canChange = (pod: Pod | undefined): pod is Pod =>
    pod?.status.phase === 'Running' && !isLeaving(pod) && kubelets.isAlive(pod.spec.nodeName ?? '');

  /** Names are looked up once, and again when many of them have gone. */
  function lookAround(): void {
    nodes = [...site.nodes.keys()].filter((name) => kubelets.isAlive(name));
    pods = [...site.pods.keys()];
  }

  function report(): number {
    const name = one(nodes);
    if (name === undefined || !kubelets.isAlive(name)) return 0;
    kubelets.report(name);
    return 1;
  }

  function toPod(happens: Happening): number {
    for (let count = 0; count < TRIES; count += 1) {
      const pod = site.pods.get(one(pods) ?? '');
      const told = canChange(pod) ? happens(pod, world) : 0;
      if (told > 0) return told;
    }
    lookAround();
    return 0;
  }

  /** Does what is owed. Where nothing can change, the debt is dropped. */
  function pay(): void {
    if (nodes.length === 0) lookAround();
    while (owed >= 1) {
      let draw = random.between(1, 100);
      const [, what] = MIX.find(([share]) => (draw -= share) <= 0) ?? MIX[0] ?? [];
      const told = what === undefined || what === 'node' ? report() : toPod(what);
      owed = told === 0 && report() === 0 ? 0 : owed - Math.max(1, told);
    }
  }

  function step(): void {
    if (rate === 0) {
      running = false;
      return;
    }
    const now = site.clock.now();
    owed += (rate * Math.min(now - since, LONGEST_STEP_MILLISECONDS)) / 1000;
    since = now;
    pay();
    site.after(STEP_MILLISECONDS, step);
  }

  return {
    run(perSecond) {
      rate = perSecond;
      since = site.clock.now();
      if (running || rate === 0) return;
      running = true;
      site.after(STEP_MILLISECONDS, step);
    },
    burst(changes) {
      owed += changes;
      pay();
    },
  };
}
