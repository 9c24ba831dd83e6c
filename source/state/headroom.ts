import type { Steps } from '../model/headroom/steps.ts';
import { NODE_GROUPS, PLANES, type NodeGroup, type Plane } from '../product/node-groups.ts';
import { ROLES, type Role } from '../product/roles.ts';
import { headroomFrom, headroomMeasure, type Headroom, type HeadroomSum } from './headroom-sum.ts';
import type { NodeRow } from './node-rows.ts';
import { createMeasure, type Measured, type Ordered } from './ordered.ts';

const headroomOfAll = headroomMeasure(() => true);

/** The headroom of some nodes. A reading of the pods that is not known for one node is not known for their sum. */
export function headroomOf(rows: Iterable<NodeRow>): Headroom {
  let sum = headroomOfAll.empty;
  for (const row of rows) sum = headroomOfAll.combine(sum, headroomOfAll.one(row));
  return headroomFrom(sum);
}

/** A node counts once in the cluster and in its group, and under each of its planes and roles. */
export type ClusterHeadroom = {
  readonly cluster: Headroom;
  readonly byGroup: ReadonlyMap<NodeGroup, Headroom>;
  readonly byPlane: ReadonlyMap<Plane, Headroom>;
  readonly byRole: ReadonlyMap<Role, Headroom>;
};

/** Made when it is first asked for, and kept. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Nodes that are summed up together. */
export type Kind = { readonly is: (row: NodeRow) => boolean };

export const EVERY: Kind = { is: () => true };
const kindsNamed = <K>(names: readonly K[], is: (row: NodeRow, name: K) => boolean): ReadonlyMap<K, Kind> =>
  new Map(names.map((name) => [name, { is: (row: NodeRow) => is(row, name) }]));
export const GROUP_KINDS = kindsNamed(NODE_GROUPS, ({ group }, name) => group === name);
export const PLANE_KINDS = kindsNamed(PLANES, ({ serves }, name) => serves.includes(name));
export const ROLE_KINDS = kindsNamed(ROLES, ({ roles }, name) => roles.includes(name));

/**
 * The headroom of all nodes, and by each kind of them; kinds without nodes stand there too. Each sum is worked out when
 * it is first read: a screen shows few of them at a time.
 */
export function headroomByKind(headroomOfKind: (kind: Kind) => Headroom): ClusterHeadroom {
  const by = <K>(kinds: ReadonlyMap<K, Kind>) =>
    lazily(() => new Map([...kinds].map(([name, kind]) => [name, headroomOfKind(kind)])));
  const cluster = lazily(() => headroomOfKind(EVERY));
  const [byGroup, byPlane, byRole] = [by(GROUP_KINDS), by(PLANE_KINDS), by(ROLE_KINDS)];
  return {
    get cluster() {
      return cluster();
    },
    get byGroup() {
      return byGroup();
    },
    get byPlane() {
      return byPlane();
    },
    get byRole() {
      return byRole();
    },
  };
}

/** The same of rows that are read once. */
export const clusterHeadroom = (rows: readonly NodeRow[]): ClusterHeadroom =>
  headroomByKind(({ is }) => headroomOf(rows.filter(is)));

const measures = new WeakMap<Kind, Measured<NodeRow, HeadroomSum>>();

function measureOf(kind: Kind): Measured<NodeRow, HeadroomSum> {
  const before = measures.get(kind);
  if (before !== undefined) return before;
  const made = createMeasure(headroomMeasure(kind.is));
  measures.set(kind, made);
  return made;
}

/** The same of the rows of a table, of which after a change only what changed is looked at. */
export const keptHeadroom = (rows: Ordered<NodeRow>): ClusterHeadroom =>
  headroomByKind((kind) => headroomFrom(measureOf(kind)(rows)));

/** Sums up all of them bit by bit, which the head of every list tells. */
export const wholeHeadroomSteps = (rows: Ordered<NodeRow>): Steps<void> => measureOf(EVERY).steps(rows);

const KINDS: readonly Kind[] = [EVERY, ...GROUP_KINDS.values(), ...PLANE_KINDS.values(), ...ROLE_KINDS.values()];

/** The same, of which each sum has been worked out bit by bit. */
export function* headroomSteps(rows: Ordered<NodeRow>): Steps<ClusterHeadroom> {
  for (const kind of KINDS) yield* measureOf(kind).steps(rows);
  return keptHeadroom(rows);
}
