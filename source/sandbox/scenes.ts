import { COMPACT_1, COMPACT_3, EXTENDED, resized, sitedAs, size, STANDARD, type Layout } from './world/layouts.ts';
import type { Scene } from './scene.ts';
import { ETCD_TWISTS } from './scenes-etcd.ts';
import type { Machine } from './world/machines.ts';
import { APPLICATION_WORKLOADS, fillers } from './world/workloads/applications.ts';
import { NODE_WORKLOADS } from './world/workloads/nodes.ts';
import { SERVICE_WORKLOADS } from './world/workloads/services.ts';
import type { Workload } from './world/workloads/workload.ts';

/** Pods that the product and its applications have on a site of so many nodes, about. */
const PODS_BY_NODE = 7;
const FIXED_PODS = 60;

const MINUTE = 60_000;
/** Since when the machine of `node-lost` has been silent: long enough for its pods to have been evicted. */
const LOST_AGO = 12 * MINUTE;

/** The product, some applications, and small ones up to the pods that are wanted. */
const running =
  (applications: readonly Workload[]): Scene['workloads'] =>
  ({ pods }, { length }) => {
    if (length === 0) return [];
    const filled = pods === undefined ? 0 : Math.max(0, pods - FIXED_PODS - length * PODS_BY_NODE);
    return [...NODE_WORKLOADS, ...SERVICE_WORKLOADS, ...applications, ...fillers(filled)];
  };

const scene = (told: string, layout: Layout, applications = APPLICATION_WORKLOADS): Scene => ({
  told,
  machines: ({ nodes }) => sitedAs(layout, nodes),
  workloads: running(applications),
});

const without = (...names: readonly string[]): Workload[] =>
  APPLICATION_WORKLOADS.filter(({ name }) => !names.includes(name));

const isWorker = ({ roles }: Machine): boolean => roles.every((role) => role === 'node');

/** Machines below the sizing of the guide: too little memory for what the roles need, or for the margin on top. */
const UNDERSIZED = { 'par1-control-2': size(2, 4, 200), 'par1-worker-3': size(1, 0.65, 40) };

type Twist = keyof typeof ETCD_TWISTS;

/** The standard architecture with something that goes wrong. */
const twisted = Object.fromEntries(
  Object.entries(ETCD_TWISTS).map(([name, twist]) => [name, { ...scene(twist.told, STANDARD), ...twist }]),
) as Record<Twist, Scene>;

export const SCENES = {
  standard: scene(
    'the standard architecture: a bootstrap node, two control-plane and infra nodes, three workload nodes; all is well',
    STANDARD,
  ),
  'compact-1': scene(
    'everything on one machine, which is full: two pods wait for CPU',
    COMPACT_1,
    without('object-store', 'hourly-report'),
  ),
  'compact-3': scene('three machines with all roles, and applications on all of them; all is well', COMPACT_3),
  extended: scene(
    'a node for each role: with the master and etcd taints, the certificate manager and the network controller find no node',
    EXTENDED,
  ),
  'node-lost': {
    ...scene(
      'the standard architecture after a workload node was lost: what could move has moved, data holds the rest',
      { ...STANDARD, worker: size(6, 24, 400) },
    ),
    past: (machines) => ({
      ago: LOST_AGO,
      happens(world) {
        const workers = machines.filter(isWorker);
        const lost = workers[1] ?? workers[0];
        if (lost) world.silence(lost.name);
      },
    }),
  },
  'node-undersized': {
    ...scene('the standard architecture with a control-plane node and a workload node that are too small', STANDARD),
    machines: ({ nodes }) => resized(sitedAs(STANDARD, nodes), UNDERSIZED),
  },
  ...twisted,
} as const satisfies Record<string, Scene>;

export type SceneName = keyof typeof SCENES;

export const sceneNames = (): SceneName[] => Object.keys(SCENES) as SceneName[];

/** A scene by its name. Throws a sentence that lists the names there are. */
export function findScene(name: string): Scene {
  const found = Object.entries(SCENES).find(([each]) => each === name);
  if (!found) throw new Error(`there is no scene "${name}"; choose one of: ${sceneNames().join(', ')}`);
  return found[1];
}
