import { matchesTerms } from '../kubernetes/node-selector.ts';
import type { ClusterNode } from '../kubernetes/node.ts';
import type { PersistentVolume } from '../kubernetes/storage.ts';

// A local volume names its machine in one term. Finding volumes and nodes by that name spares asking each pair.

/** Whether a node reaches a volume. */
export const reaches = (node: ClusterNode, { terms }: PersistentVolume): boolean =>
  terms === null || matchesTerms(terms, node);

/** By which label a volume names its nodes, or by their name; a node that reaches it has one of the values. */
type Pin = { readonly label: string | null; readonly values: readonly string[] };

/** Null where a volume does not name its nodes, or not in one way. */
function pinOf({ terms }: PersistentVolume): Pin | null {
  const [term, ...more] = terms ?? [];
  if (term === undefined || more.length > 0) return null;
  const byName = term.fields.find(({ operator }) => operator === 'In');
  if (byName !== undefined) return { label: null, values: byName.values };
  const byLabel = term.labels.find(({ operator }) => operator === 'In');
  return byLabel === undefined ? null : { label: byLabel.key, values: byLabel.values };
}

const valueOn = ({ name, labels }: ClusterNode, label: string | null): string | undefined =>
  label === null ? name : labels[label];

/** Things found by a label, or the name, of a node. */
type ByValue<T> = Map<string | undefined, T[]>;

function add<T>(byValue: ByValue<T>, value: string | undefined, thing: T): void {
  const before = byValue.get(value);
  if (before === undefined) byValue.set(value, [thing]);
  else before.push(thing);
}

/** Gives lists of volumes among which are all that a node reaches; each list keeps the order of `volumes`. */
export function volumesNear(
  volumes: readonly PersistentVolume[],
): (node: ClusterNode) => readonly (readonly PersistentVolume[])[] {
  const pinned = new Map<string | null, ByValue<PersistentVolume>>();
  const others: PersistentVolume[] = [];
  for (const volume of volumes) {
    const pin = pinOf(volume);
    if (pin === null) others.push(volume);
    else {
      const byValue = pinned.get(pin.label) ?? new Map<string | undefined, PersistentVolume[]>();
      pinned.set(pin.label, byValue);
      for (const value of pin.values) add(byValue, value, volume);
    }
  }
  return (node) => {
    const lists = others.length === 0 ? [] : [others];
    for (const [label, byValue] of pinned) {
      const near = byValue.get(valueOn(node, label));
      if (near !== undefined) lists.push(near);
    }
    return lists;
  };
}

/** Tells whether any of some nodes reaches a volume. */
export function reachedFrom(nodes: readonly ClusterNode[]): (volume: PersistentVolume) => boolean {
  const byLabel = new Map<string | null, ByValue<ClusterNode>>();
  const nodesBy = (label: string | null): ByValue<ClusterNode> => {
    const before = byLabel.get(label);
    if (before !== undefined) return before;
    const made: ByValue<ClusterNode> = new Map();
    for (const node of nodes) add(made, valueOn(node, label), node);
    byLabel.set(label, made);
    return made;
  };
  return (volume) => {
    const pin = pinOf(volume);
    if (pin === null) return nodes.some((node) => reaches(node, volume));
    return pin.values.some((value) =>
      nodesBy(pin.label)
        .get(value)
        ?.some((node) => reaches(node, volume)),
    );
  };
}
