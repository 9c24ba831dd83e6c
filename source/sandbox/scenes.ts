import { standardSite, type Machine } from './world/machines.ts';
import { APPLICATION_WORKLOADS, fillers } from './world/workloads/applications.ts';
import { NODE_WORKLOADS } from './world/workloads/nodes.ts';
import { SERVICE_WORKLOADS } from './world/workloads/services.ts';
import type { Workload } from './world/workloads/workload.ts';

/** How large a scene is wanted; a scene has its own size where nothing is said. */
export type SceneSize = { nodes?: number; pods?: number };

/** A state of affairs to show or to test with. */
export type Scene = {
  /** One sentence for the help. */
  told: string;
  machines: (size: SceneSize) => Machine[];
  workloads: (size: SceneSize, machines: readonly Machine[]) => Workload[];
};

/** Pods that the product and its applications have on a site of so many nodes, about. */
const PODS_BY_NODE = 7;
const FIXED_PODS = 60;

export const SCENES = {
  standard: {
    told: 'the standard architecture: a bootstrap node, two control-plane and infra nodes, three workload nodes; all is well',
    machines: ({ nodes }) => standardSite(nodes),
    workloads({ pods }, { length }) {
      if (length === 0) return [];
      const filled = pods === undefined ? 0 : Math.max(0, pods - FIXED_PODS - length * PODS_BY_NODE);
      return [...NODE_WORKLOADS, ...SERVICE_WORKLOADS, ...APPLICATION_WORKLOADS, ...fillers(filled)];
    },
  },
} as const satisfies Record<string, Scene>;

export type SceneName = keyof typeof SCENES;

export const sceneNames = (): SceneName[] => Object.keys(SCENES) as SceneName[];

/** A scene by its name. Throws a sentence that lists the names there are. */
export function findScene(name: string): Scene {
  const found = Object.entries(SCENES).find(([each]) => each === name);
  if (!found) throw new Error(`there is no scene "${name}"; choose one of: ${sceneNames().join(', ')}`);
  return found[1];
}
