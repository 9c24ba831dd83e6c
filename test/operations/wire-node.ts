import { LinkFailure } from '../../source/links/kubernetes/failure.ts';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import type { NodeReading, NodeWriting } from '../../source/operations/node-link.ts';
import { jsonPatch, UnprocessablePatch, type JsonObject } from '../../source/sandbox/server/patch.ts';

type WireTaint = { key: string; value?: string; effect: string; timeAdded?: string };
type Wire = {
  metadata: { uid: string; labels?: Record<string, string> };
  spec: { taints?: WireTaint[]; unschedulable?: boolean };
};

/** What of a Node a patch can reach, as the API server writes it: what is empty or false is left out. */
export function toWire({ uid, labels, taints, cordoned }: ClusterNode): JsonObject {
  const wire: Wire = {
    metadata: { uid, ...(Object.keys(labels).length > 0 && { labels: { ...labels } }) },
    spec: {
      ...(taints !== null && {
        taints: taints.map(({ key, value, effect, timeAdded }) => ({
          key,
          ...(value !== '' && { value }),
          effect,
          ...(timeAdded !== null && { timeAdded }),
        })),
      }),
      ...(cordoned && { unschedulable: true }),
    },
  };
  return JSON.parse(JSON.stringify(wire)) as JsonObject;
}

/** The node with what a patched document says of it; an empty list or map is dropped, as in the server's storage. */
export function fromWire(node: ClusterNode, document: JsonObject): ClusterNode {
  const { metadata, spec } = document as unknown as Wire;
  const taints = spec.taints?.map(({ key, value = '', effect, timeAdded = null }) => ({
    key,
    value,
    effect,
    timeAdded,
  }));
  return {
    ...node,
    uid: metadata.uid,
    labels: metadata.labels ?? {},
    taints: taints === undefined || taints.length === 0 ? null : taints,
    cordoned: spec.unschedulable === true,
  };
}

const unprocessable = () =>
  new LinkFailure({
    kind: 'invalid',
    status: 422,
    sent: true,
    message: 'Cannot change the node: the server rejected our request due to an error in our request.',
  });

export type FakeLink = {
  readonly nodes: Map<string, ClusterNode>;
  readonly reader: NodeReading;
  readonly writer: NodeWriting;
  /** What was asked, as in "patch wrk-1", "dry run wrk-1", "read wrk-1". */
  readonly asked: string[];
  /** Called before an asked thing is done; may throw in its place. */
  before: (asked: string) => void;
  /** Called after it was done; what it throws is what the asker gets for an answer. */
  after: (asked: string) => void;
};

/** A server of nodes in memory: patches are applied as the API server applies them, or not at all. */
export function fakeLink(...given: readonly ClusterNode[]): FakeLink {
  const nodes = new Map(given.map((node) => [node.name, node]));
  const asked: string[] = [];
  const find = (name: string): ClusterNode => {
    const node = nodes.get(name);
    if (node) return node;
    throw new LinkFailure({ kind: 'not-found', status: 404, sent: true, message: `nodes "${name}" not found.` });
  };
  const link: FakeLink = {
    nodes,
    asked,
    before: () => undefined,
    after: () => undefined,
    reader: {
      node: (name) => done(`read ${name}`, () => find(name)),
    },
    writer: {
      patchNode: ({ name, patch, dryRun }) =>
        done(`${dryRun ? 'dry run' : 'patch'} ${name}`, () => {
          const node = find(name);
          const changed = fromWire(node, patched(toWire(node), patch));
          if (!dryRun) nodes.set(name, changed);
          return changed;
        }),
    },
  };
  function done<T>(what: string, work: () => T): Promise<T> {
    return Promise.resolve().then(() => {
      asked.push(what);
      link.before(what);
      const result = work();
      link.after(what);
      return result;
    });
  }
  return link;
}

function patched(document: JsonObject, patch: unknown): JsonObject {
  try {
    return jsonPatch(document, JSON.parse(JSON.stringify(patch)) as Parameters<typeof jsonPatch>[1]);
  } catch (error) {
    if (error instanceof UnprocessablePatch) throw unprocessable();
    throw error;
  }
}
